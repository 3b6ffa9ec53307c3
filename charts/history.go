package charts

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// HistoryPlot draws how a training went. Made by History.
type HistoryPlot struct{ plot[*HistoryPlot] }

// History draws losses (or errors) against epochs, the loss axis logarithmic.
func History() *HistoryPlot {
	f := &HistoryPlot{}
	f.init(f, "history", "call Add(name, losses) before Show")
	f.p.hover = "axis"
	f.p.x.tight, f.p.y.log = true, true
	f.X("epoch").Y("loss")
	return f
}

// Add draws one value for each epoch, the first after epoch 1. A loss that
// reaches 0 needs LinearY.
func (f *HistoryPlot) Add(name string, values []float64) *HistoryPlot {
	x := make([]float64, len(values))
	for i := range x {
		x[i] = float64(i + 1)
	}
	return f.AddAt(name, x, values)
}

// AddAt draws values at given epochs, for losses taken on a schedule.
func (f *HistoryPlot) AddAt(name string, epochs, values []float64) *HistoryPlot {
	f.p.addXY(layer{shape: lineShape, name: name, x: epochs, y: values, color: -1, width: 2})
	return f
}

// Training draws a training's losses, and its validation losses where there
// are any, and marks an early end. An empty name leaves "training" and
// "validation" alone.
func (f *HistoryPlot) Training(name string, h *nn.History) *HistoryPlot {
	if h == nil {
		f.p.failf("training history %q is nil", name)
		return f
	}
	if name != "" {
		name += ", "
	}
	if h.LossName != "" && f.p.y.name == "loss" {
		f.Y("loss (" + h.LossName + ")")
	}
	f.Add(name+"training", h.Loss)
	if h.ValidationLoss != nil {
		f.Add(name+"validation", h.ValidationLoss)
	}
	if h.Stopped != "" && h.Stopped != nn.StoppedEpochs && h.Epochs() > 0 {
		f.Stopped(float64(h.Epochs()), h.Stopped)
	}
	return f
}

// Stopped marks the epoch at which training ended early.
func (f *HistoryPlot) Stopped(epoch float64, why string) *HistoryPlot {
	return f.VLine(epoch, fmt.Sprintf("stopped at %g: %s", epoch, why))
}
