package nn

import "fmt"

// Layer describes one layer. It reads h (In values) and gives
//
//	a  = WScale·W h + BScale·b      (Dense; b only when Bias)
//	a  = WScale·W p + BScale·b      (Conv, for every patch p of the image h)
//	a  = mean or maximum over windows (AvgPool, MaxPool)
//	a  = Factor·h                   (Scale)
//	h' = φ(a), plus what an earlier layer reads when Residual
//
// with W of Out × In, of a Conv Filters × Size·Size·Channels. The scales are 1
// except in the NTK parametrisation. The last layer of a network has the Identity
// activation and is not residual.
type Layer struct {
	Kind           Kind
	In, Out        int
	Activation     Activation
	Bias           bool
	WScale, BScale float64
	Residual       bool
	Factor         float64 // of a Scale, else 0
	// Span is how many layers the residual connection goes around, this one
	// included: h' is φ(a) plus the input of the layer Span−1 places before. 0 and
	// 1 are this layer alone; without Residual it is 0.
	Span   int
	Window Window // of a Conv, AvgPool or MaxPool, else zero
}

// source is the place, among the layers, of the one whose input the residual
// connection of layer i adds.
func (l Layer) source(i int) int { return i - max(l.Span, 1) + 1 }

// params is the number of the layer's parameters.
func (l Layer) params() int {
	out, in, biases := l.kind().shape(l)
	return out*in + biases
}

// maxParams keeps parameter counts far from overflow.
const maxParams = 1 << 40

// checkLayers says what is wrong with a stack of layers.
func checkLayers(layers []Layer) error {
	if len(layers) == 0 {
		return fmt.Errorf("nn: a network needs at least one layer")
	}
	if err := checkEach(layers); err != nil {
		return fmt.Errorf("%w (layers count from 0)", err)
	}
	return nil
}

func checkEach(layers []Layer) error {
	total := 0
	for i, l := range layers {
		switch {
		case l.In <= 0 || l.Out <= 0:
			return fmt.Errorf("nn: layer %d is %d × %d: sizes must be positive", i, l.Out, l.In)
		case i > 0 && layers[i-1].Out != l.In:
			return fmt.Errorf("nn: layer %d reads %d values, but layer %d gives %d", i, l.In, i-1, layers[i-1].Out)
		case int(l.Kind) >= len(kinds):
			return fmt.Errorf("nn: layer %d is of the unknown kind %v", i, l.Kind)
		case l.Span < 0 || l.Span > 0 && !l.Residual:
			return fmt.Errorf("nn: layer %d, counted from 0, spans %d layers: that belongs to a residual layer, and is positive", i, l.Span)
		case l.Residual && l.source(i) < 0:
			return fmt.Errorf("nn: layer %d, counted from 0, has a residual connection around %d layers, but there are only %d up to it", i, l.Span, i+1)
		case l.Residual && l.Span > 1 && layers[l.source(i)].In != l.Out:
			return fmt.Errorf("nn: layer %d, counted from 0, gives %d values, but layer %d, whose input its residual connection adds, reads %d: they must be as many", i, l.Out, l.source(i), layers[l.source(i)].In)
		case l.Residual && l.Span <= 1 && l.In != l.Out:
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
