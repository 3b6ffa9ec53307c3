package nn

import "fmt"

// Builder gathers what a network is to be. Every setter returns a changed copy,
// and of several calls about the same matter the last holds. What is wrong is
// reported by Build.
type Builder struct {
	rules
	sizes      []int
	activation Activation
	residual   bool
	scaled     bool
	factor     float64
}

// MLP begins a multi-layer perceptron: sizes are the number of inputs, the
// widths of the hidden layers, and the number of outputs C. Without further
// calls the network is the student of the paper's experiments: ReLU, weights
// from N(0, 2/in), biases uniform on ±1/√in, seed 0.
func MLP(sizes ...int) *Builder {
	return &Builder{sizes: append([]int(nil), sizes...), activation: ReLU}
}

// ReLU sets the activation of the hidden layers to max(a, 0): the default.
func (b Builder) ReLU() *Builder { return b.Activation(ReLU) }

// LeakyReLU sets the activation of the hidden layers to a for a > 0, slope·a
// elsewhere.
func (b Builder) LeakyReLU(slope float64) *Builder { return b.Activation(LeakyReLU(slope)) }

// Tanh sets the activation of the hidden layers to tanh.
func (b Builder) Tanh() *Builder { return b.Activation(Tanh) }

// GELU sets the activation of the hidden layers to a·Φ(a), in its exact form.
func (b Builder) GELU() *Builder { return b.Activation(GELU) }

// Erf sets the activation of the hidden layers to the error function.
func (b Builder) Erf() *Builder { return b.Activation(Erf) }

// Identity makes the hidden layers linear.
func (b Builder) Identity() *Builder { return b.Activation(Identity) }

// Activation sets the activation of the hidden layers. The last layer has
// none.
func (b Builder) Activation(f Activation) *Builder { b.activation = f; return &b }

// He draws weights from N(0, 2/in), in the last layer too: the default, and
// the paper's (He et al., 2015).
func (b Builder) He() *Builder { b.weights = heRule; return &b }

// LeCun draws weights from N(0, 1/in).
func (b Builder) LeCun() *Builder { b.weights = leCunRule; return &b }

// NTK draws weights from N(0, 1) and puts He's factor √(2/in) in front of W
// (Jacot et al., 2018, with gain √2). The bias rules act likewise: what they
// say stands in front of b, drawn at unit scale (NormalBias(std): b from
// N(0,1), factor std; UniformBias: b uniform on ±1, factor 1/√in; ZeroBias: 0,
// factor 1). So with the same seed the network is the function that He gives,
// and only the meaning of a step in θ differs.
func (b Builder) NTK() *Builder { b.weights = ntkRule; return &b }

// NoBias makes layers without biases.
func (b Builder) NoBias() *Builder { b.bias = noBias; return &b }

// NormalBias draws biases from N(0, std²); std must be positive.
func (b Builder) NormalBias(std float64) *Builder { b.bias, b.biasStd = normalBias, std; return &b }

// UniformBias draws biases uniformly from ±1/√in: the default.
func (b Builder) UniformBias() *Builder { b.bias = uniformBias; return &b }

// ZeroBias makes biases that start at 0.
func (b Builder) ZeroBias() *Builder { b.bias = zeroBias; return &b }

// Residual adds its input to the output of every hidden layer that has as many
// inputs as outputs. Build reports an error when there is no such layer.
func (b Builder) Residual() *Builder { b.residual = true; return &b }

// OutputScale multiplies the outputs by a fixed factor, as a last layer without
// parameters. Large factors bring the lazy training in which the network follows
// its linearisation, small ones the learning of features (Chizat, Oyallon and
// Bach, 2019). The default is no such layer; Build refuses a factor that is 0 or
// not finite.
func (b Builder) OutputScale(factor float64) *Builder {
	b.scaled, b.factor = true, factor
	return &b
}

// Seed chooses the random parameters; the default is 0. The draws of a layer
// depend on the seed and the layer's place alone.
func (b Builder) Seed(seed uint64) *Builder { b.seed = seed; return &b }

// Build makes the network. It is an error when fewer than two sizes are given,
// a size is not positive, the leaky slope, the biases' deviation or the factor of
// OutputScale is not what it must be, Residual finds no layer, or the parameters do not fit the memory
// budget.
func (b Builder) Build() (*Network, error) {
	layers, err := b.layers()
	if err != nil {
		return nil, err
	}
	return b.build(layers)
}

func (b *Builder) layers() ([]Layer, error) {
	if len(b.sizes) < 2 {
		return nil, fmt.Errorf("nn: MLP has %d sizes: it needs the number of inputs and the number of outputs at least", len(b.sizes))
	}
	for i, s := range b.sizes {
		if s <= 0 {
			return nil, fmt.Errorf("nn: size number %d of MLP%v is %d: sizes must be positive", i+1, b.sizes, s)
		}
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	layers := make([]Layer, len(b.sizes)-1)
	residual := false
	for i := range layers {
		l := Layer{In: b.sizes[i], Out: b.sizes[i+1]}
		b.scale(&l, l.In)
		if i < len(layers)-1 {
			l.Activation = b.activation
			l.Residual = b.residual && l.In == l.Out
			residual = residual || l.Residual
		}
		layers[i] = l
	}
	if b.residual && !residual {
		return nil, fmt.Errorf("nn: Residual has no hidden layer with as many inputs as outputs in MLP%v", b.sizes)
	}
	if b.scaled {
		c := b.sizes[len(b.sizes)-1]
		layers = append(layers, Layer{Kind: Scale, In: c, Out: c, Factor: b.factor})
	}
	return layers, nil
}
