package charts

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// History draws losses (or errors) against epochs, the loss axis logarithmic:
// Add(name, values) one value for each epoch, the first after epoch 1. Line
// draws losses taken at given epochs. A loss of 0 is a gap, with a
// note, unless LinearY makes room for it.
func History() *Plot {
	f := newPlot(preset{
		kind: "history", empty: "call Add(name, losses) before Show", columns: "values", least: 1, most: 1,
		add:   func(p *Plot, name string, c [][]float64) { p.Losses(name, c[0]) },
		curve: func(p *Plot, name string, c [][]float64, style curve) { p.line(name, epochs(c[0]), c[0], style) },
	})
	f.p.Hover = "axis"
	f.p.X.Tight, f.p.Y.Log = true, true
	return f.X("epoch").Y("loss")
}

// Losses draws one value for each epoch, the first after epoch 1.
func (f *Plot) Losses(name string, values []float64) *Plot {
	return f.Line(name, epochs(values), values)
}

// epochs count from 1.
func epochs(values []float64) []float64 {
	x := make([]float64, len(values))
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

// Training draws a training's losses, and its validation losses where there
// are any, and marks an early end. An empty name leaves "training" and
// "validation" alone.
func (f *Plot) Training(name string, h *nn.History) *Plot {
	if h == nil {
		f.p.Failf("training history %q is nil", name)
		return f
	}
	if name != "" {
		name += ", "
	}
	if h.LossName != "" && f.p.Y.Name == "loss" {
		f.Y("loss (" + h.LossName + ")")
	}
	f.Losses(name+"training", h.Loss)
	if h.ValidationLoss != nil {
		f.Losses(name+"validation", h.ValidationLoss)
	}
	if h.Stopped != "" && h.Stopped != nn.StoppedEpochs && h.Epochs() > 0 {
		f.Stopped(float64(h.Epochs()), h.Stopped)
	}
	return f
}

// Stopped marks the epoch at which training ended early.
func (f *Plot) Stopped(epoch float64, why string) *Plot {
	return f.VLine(epoch, fmt.Sprintf("stopped at %g: %s", epoch, why))
}
