package nn

import "fmt"

// Layer describes one layer. It reads h (In values) and gives
//
//	a  = WScale·W h + BScale·b      (Dense; b only when Bias)
//	a  = Factor·h                   (Scale)
//	h' = φ(a), plus h when Residual
//
// with W of Out × In. The scales are 1 except in the NTK parametrisation. The
// last layer of a network has the Identity activation and is not residual.
type Layer struct {
	Kind           Kind
	In, Out        int
	Activation     Activation
	Bias           bool
	WScale, BScale float64
	Residual       bool
	Factor         float64 // of a Scale, else 0
}

// params is the number of the layer's parameters.
func (l Layer) params() int {
	weights, biases := l.kind().params(l)
	return weights + biases
}

// maxParams keeps parameter counts far from overflow.
const maxParams = 1 << 40

// checkLayers says what is wrong with a stack of layers.
func checkLayers(layers []Layer) error {
	if len(layers) == 0 {
		return fmt.Errorf("nn: a network needs at least one layer")
	}
	total := 0
	for i, l := range layers {
		switch {
		case l.In <= 0 || l.Out <= 0:
			return fmt.Errorf("nn: layer %d is %d × %d: sizes must be positive", i, l.Out, l.In)
		case i > 0 && layers[i-1].Out != l.In:
			return fmt.Errorf("nn: layer %d reads %d values, but layer %d gives %d", i, l.In, i-1, layers[i-1].Out)
		case int(l.Kind) >= len(kinds):
			return fmt.Errorf("nn: layer %d is of the unknown kind %v", i, l.Kind)
		case l.Residual && l.In != l.Out:
			return fmt.Errorf("nn: layer %d is residual but %d × %d: its input can be added only to an output of the same size", i, l.Out, l.In)
		}
		if err := l.kind().check(l); err != nil {
			return fmt.Errorf("nn: layer %d %w", i, err)
		}
		if err := l.Activation.check(); err != nil {
			return fmt.Errorf("nn: layer %d: %w", i, err)
		}
		if total += l.params(); total > maxParams {
			return fmt.Errorf("nn: layer %d of %d × %d makes the network too large: more than %.0e parameters", i, l.Out, l.In, float64(maxParams))
		}
	}
	if last := layers[len(layers)-1]; last.Activation != Identity || last.Residual {
		return fmt.Errorf("nn: the last layer must have the identity activation and no residual connection: the losses apply their own")
	}
	if total == 0 {
		return fmt.Errorf("nn: a network needs at least one layer with parameters")
	}
	return nil
}
