package nn

import (
	"fmt"
	"slices"
)

// Stack gathers the layers of a network from input to output, in the order of
// its calls:
//
//	net, err := nn.Images(32, 32, 3).
//		Conv(16, 3).ReLU().AvgPool(2).
//		Conv(32, 3).ReLU().AvgPool(2).
//		Flatten().Dense(128).ReLU().Dense(10).Seed(1).Build()
//
// Every call returns a changed copy. Rules for the parameters (He, LeCun, NTK,
// biases, Seed) hold for all layers, wherever they stand, and of several about
// the same matter the last holds. What is wrong is reported by Build, which names
// the layer: the 1st is the one that reads the images.
type Stack struct {
	rules
	height, width, channels int
	steps                   []stackStep
	err                     error // the first
}

// stackStep is a call that makes a layer, or Flatten, which makes none.
type stackStep struct {
	call    string // as the reader wrote it
	flatten bool
	layer   Layer // without its sizes
	units   int   // of a Dense
}

// Images begins a network that reads images, each a row of height × width ×
// channels numbers in the layout that Window describes: row by row, pixel by
// pixel, the channels of a pixel next to each other. Without further calls
// weights are drawn from N(0, 2/in), with in the number of values that an output
// reads, and biases uniformly from ±1/√in.
func Images(height, width, channels int) *Stack {
	return &Stack{height: height, width: width, channels: channels}
}

func (s Stack) with(step stackStep) *Stack {
	s.steps = append(slices.Clip(s.steps), step)
	return &s
}

func (s Stack) windowed(call string, kind Kind, w Window) *Stack {
	return s.with(stackStep{call: call, layer: Layer{Kind: kind, Window: w}})
}

// Conv is a convolution with that many filters of size × size, at a stride of 1
// and with Same padding, so that the image keeps its height and width.
func (s Stack) Conv(filters, size int) *Stack {
	return s.windowed(fmt.Sprintf("Conv(%d, %d)", filters, size), Conv, Window{Filters: filters, Size: size, Stride: 1, Same: true})
}

// AvgPool takes the mean over windows of size × size, channel by channel. They
// lie next to each other within the image: Stride and Same say otherwise.
func (s Stack) AvgPool(size int) *Stack {
	return s.windowed(fmt.Sprintf("AvgPool(%d)", size), AvgPool, Window{Size: size, Stride: size})
}

// MaxPool takes the maximum over windows of size × size, channel by channel. They
// lie next to each other within the image: Stride and Same say otherwise.
func (s Stack) MaxPool(size int) *Stack {
	return s.windowed(fmt.Sprintf("MaxPool(%d)", size), MaxPool, Window{Size: size, Stride: size})
}

// change changes the window of the last convolution or pooling.
func (s Stack) change(call string, f func(w *Window)) *Stack {
	last := len(s.steps) - 1
	if last < 0 || s.steps[last].layer.Window == (Window{}) {
		return s.fail("nn: %s does not follow a Conv, AvgPool or MaxPool: it says how their windows lie", call)
	}
	s.steps = slices.Clone(s.steps)
	f(&s.steps[last].layer.Window)
	return &s
}

// Stride sets how many pixels the windows of the last convolution or pooling lie
// apart.
func (s Stack) Stride(pixels int) *Stack {
	return s.change(fmt.Sprintf("Stride(%d)", pixels), func(w *Window) { w.Stride = pixels })
}

// Same lets the windows of the last convolution or pooling reach beyond the image,
// as Window describes: the default of Conv.
func (s Stack) Same() *Stack { return s.change("Same", func(w *Window) { w.Same = true }) }

// Valid keeps the windows of the last convolution or pooling within the image: the
// default of the poolings.
func (s Stack) Valid() *Stack { return s.change("Valid", func(w *Window) { w.Same = false }) }

// Flatten takes the image as a vector, row by row, pixel by pixel. It is no layer:
// the numbers stay as they are.
func (s Stack) Flatten() *Stack { return s.with(stackStep{call: "Flatten", flatten: true}) }

// Dense is a dense layer with that many outputs.
func (s Stack) Dense(units int) *Stack {
	return s.with(stackStep{call: fmt.Sprintf("Dense(%d)", units), units: units})
}

// OutputScale multiplies by a fixed factor: see Builder.OutputScale.
func (s Stack) OutputScale(factor float64) *Stack {
	return s.with(stackStep{call: fmt.Sprintf("OutputScale(%v)", factor), layer: Layer{Kind: Scale, Factor: factor}})
}

// ReLU applies max(a, 0) to what the layer before gives.
func (s Stack) ReLU() *Stack { return s.Activation(ReLU) }

// LeakyReLU applies a for a > 0, slope·a elsewhere.
func (s Stack) LeakyReLU(slope float64) *Stack { return s.Activation(LeakyReLU(slope)) }

// Tanh applies tanh.
func (s Stack) Tanh() *Stack { return s.Activation(Tanh) }

// GELU applies a·Φ(a), in its exact form.
func (s Stack) GELU() *Stack { return s.Activation(GELU) }

// Erf applies the error function.
func (s Stack) Erf() *Stack { return s.Activation(Erf) }

// Activation applies f to what the layer before gives. It is a part of that layer,
// except after a residual block, another activation or at the beginning: there it
// is a Scale layer of factor 1.
func (s Stack) Activation(f Activation) *Stack {
	last := len(s.steps) - 1
	if last < 0 || s.steps[last].flatten || s.steps[last].layer.Residual || s.steps[last].layer.Activation != Identity {
		return s.with(stackStep{call: f.Name(), layer: Layer{Kind: Scale, Factor: 1, Activation: f}})
	}
	s.steps = slices.Clone(s.steps)
	s.steps[last].layer.Activation = f
	return &s
}

// Residual is a block whose input is added to its output, for example
//
//	Residual(func(b *nn.Stack) *nn.Stack { return b.Conv(16, 3).ReLU().Conv(16, 3) }).ReLU()
//
// (He et al., 2016). block adds its layers to the empty stack that it is given;
// what it gives must have the shape of what it reads.
func (s Stack) Residual(block func(*Stack) *Stack) *Stack {
	if block == nil {
		return s.fail("nn: Residual has no block: pass a function that adds its layers to the stack it is given")
	}
	b := block(&Stack{})
	switch {
	case b == nil:
		return s.fail("nn: the block of Residual gives nil: return the stack with the layers added to it")
	case b.err != nil:
		return s.fail("%s", b.err)
	case b.rules != rules{}:
		return s.fail("nn: the block of Residual sets rules for parameters: they hold for the whole network, set them outside of it")
	}
	steps := slices.Clone(b.steps)
	for _, step := range steps {
		if step.flatten {
			return s.fail("nn: the block of Residual calls Flatten: what it gives must have the shape of what it reads")
		}
	}
	if n := len(steps); n > 0 && steps[n-1].layer.Residual {
		// The block ends in one of its own: a layer that does nothing else closes it.
		steps = append(steps, stackStep{call: "Residual", layer: Layer{Kind: Scale, Factor: 1}})
	}
	n := len(steps)
	if n == 0 {
		return s.fail("nn: the block of Residual has no layers")
	}
	steps[n-1].layer.Residual = true
	if n > 1 {
		steps[n-1].layer.Span = n
	}
	s.steps = append(slices.Clip(s.steps), steps...)
	return &s
}

func (s Stack) fail(format string, args ...any) *Stack {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
	return &s
}

// He draws weights from N(0, 2/in): the default (He et al., 2015).
func (s Stack) He() *Stack { s.weights = heRule; return &s }

// LeCun draws weights from N(0, 1/in).
func (s Stack) LeCun() *Stack { s.weights = leCunRule; return &s }

// NTK draws weights from N(0, 1) and puts the factor √(2/in) in front of W: see
// Builder.NTK.
func (s Stack) NTK() *Stack { s.weights = ntkRule; return &s }

// NoBias makes layers without biases.
func (s Stack) NoBias() *Stack { s.bias = noBias; return &s }

// NormalBias draws biases from N(0, std²); std must be positive.
func (s Stack) NormalBias(std float64) *Stack { s.bias, s.biasStd = normalBias, std; return &s }

// UniformBias draws biases uniformly from ±1/√in: the default.
func (s Stack) UniformBias() *Stack { s.bias = uniformBias; return &s }

// ZeroBias makes biases that start at 0.
func (s Stack) ZeroBias() *Stack { s.bias = zeroBias; return &s }

// Seed chooses the random parameters; the default is 0. The draws of a layer
// depend on the seed and the layer's place alone.
func (s Stack) Seed(seed uint64) *Stack { s.seed = seed; return &s }

// Build makes the network. It is an error when the images, a number of filters or
// units, a size or a stride is not positive, windows do not fit their images, a
// Dense reads an image or a Conv or pooling a vector, a residual block changes the
// shape, a rule or an activation is not what it must be, the network ends in an
// activation or a residual block, or the parameters do not fit the memory budget.
func (s Stack) Build() (*Network, error) {
	if s.err != nil {
		return nil, s.err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	layers, err := s.layers()
	if err != nil {
		return nil, err
	}
	return s.build(layers)
}
