package nn

import (
	"fmt"
	"math"
)

// Layer describes one dense layer. It reads h (In values) and gives
//
//	a  = WScale·W h + BScale·b      (b only when Bias)
//	h' = φ(a), plus h when Residual
//
// with W of Out × In. The scales are 1 except in the NTK parametrisation. The
// last layer of a network has the Identity activation and is not residual.
type Layer struct {
	In, Out        int
	Activation     Activation
	Bias           bool
	WScale, BScale float64
	Residual       bool
}

// params is the number of the layer's parameters.
func (l Layer) params() int {
	n := l.In * l.Out
	if l.Bias {
		n += l.Out
	}
	return n
}

// maxParams keeps parameter counts far from overflow.
const maxParams = 1 << 40

// checkLayers says what is wrong with a stack of layers.
func checkLayers(layers []Layer) error {
	if len(layers) == 0 {
		return fmt.Errorf("nn: a network needs at least one layer")
	}
	total := 0.0
	for i, l := range layers {
		switch {
		case l.In <= 0 || l.Out <= 0:
			return fmt.Errorf("nn: layer %d is %d × %d: sizes must be positive", i, l.Out, l.In)
		case i > 0 && layers[i-1].Out != l.In:
			return fmt.Errorf("nn: layer %d reads %d values, but layer %d gives %d", i, l.In, i-1, layers[i-1].Out)
		case !(l.WScale > 0) || math.IsInf(l.WScale, 0):
			return fmt.Errorf("nn: layer %d has the weight scale %v: it must be positive and finite", i, l.WScale)
		case l.Bias && (!(l.BScale > 0) || math.IsInf(l.BScale, 0)):
			return fmt.Errorf("nn: layer %d has the bias scale %v: it must be positive and finite", i, l.BScale)
		case l.Residual && l.In != l.Out:
			return fmt.Errorf("nn: layer %d is residual but %d × %d: its input can be added only to an output of the same size", i, l.Out, l.In)
		}
		if err := l.Activation.check(); err != nil {
			return fmt.Errorf("nn: layer %d: %w", i, err)
		}
		total += (float64(l.In) + 1) * float64(l.Out)
		if total > maxParams {
			return fmt.Errorf("nn: layer %d of %d × %d makes the network too large: more than %.0e parameters", i, l.Out, l.In, float64(maxParams))
		}
	}
	if last := layers[len(layers)-1]; last.Activation != Identity || last.Residual {
		return fmt.Errorf("nn: the last layer must have the identity activation and no residual connection: the losses apply their own")
	}
	return nil
}
