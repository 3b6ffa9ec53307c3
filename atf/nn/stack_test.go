package nn

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

func TestStackErrors(t *testing.T) {
	conv := Images(8, 6, 3).Conv(4, 3)
	t.Setenv("ATF_MEMORY", "1MiB")
	for want, s := range map[string]*Stack{
		"Images(8, 0, 3): height, width and channels must be":                              Images(8, 0, 3).Conv(4, 3),
		"their product at most 1e+12":                                                      Images(1<<30, 1<<30, 1<<30).Conv(4, 3),
		"Images(8, 6, 3) has no layers":                                                    Images(8, 6, 3),
		"the 2nd layer, Conv(0, 3), has 0 filters":                                         conv.Conv(0, 3),
		"the 2nd layer, Conv(4, 0), has windows of 0 × 0":                                  conv.Conv(4, 0),
		"the 2nd layer, Conv(4, 3), has windows of 3 × 3 at a stride of -1":                conv.Conv(4, 3).Stride(-1),
		"the 2nd layer, Conv(4, 7), has windows of 7 × 7 on images of 8 × 6 × 4":           conv.Conv(4, 7).Valid(),
		"the 2nd layer, AvgPool(5), leaves the last pixels of images of 8 × 6 × 4 unread":  conv.AvgPool(5),
		"the 2nd layer, MaxPool(4), leaves the last pixels":                                conv.MaxPool(4),
		"the 2nd layer, Dense(3), reads images of 8 × 6 × 4: call Flatten before it":       conv.Dense(3),
		"the 2nd layer, Dense(0), has 0 outputs":                                           conv.Flatten().Dense(0),
		"the 2nd layer, AvgPool(2), reads a vector of 192 numbers":                         conv.Flatten().AvgPool(2),
		"the 3rd layer, Conv(4, 3), reads a vector of 9 numbers: it must stand before":     conv.Flatten().Dense(9).Conv(4, 3),
		"Flatten after 1 layers: there is a vector of 192 numbers already":                 conv.Flatten().Flatten(),
		"Stride(2) does not follow a Conv, AvgPool or MaxPool":                             Images(8, 6, 3).Stride(2).Conv(4, 3),
		"Same does not follow":                                                             conv.Flatten().Same(),
		"Valid does not follow":                                                            conv.Flatten().Dense(2).Valid(),
		"the 1st layer, Conv(4, 3), is the last and has an activation":                     conv.ReLU(),
		"the 2nd layer, Conv(4, 3), is the last and has an activation or ends a residual":  conv.Residual(func(b *Stack) *Stack { return b.Conv(4, 3) }),
		"the 3rd layer, Conv(5, 3), ends a residual block that turns images of 8 × 6 × 4 ": conv.Residual(func(b *Stack) *Stack { return b.Conv(4, 3).Conv(5, 3) }),
		"into images of 4 × 3 × 4: both must have":                                         conv.Residual(func(b *Stack) *Stack { return b.Conv(4, 3).Stride(2) }),
		"Residual has no block":                                                            conv.Residual(nil),
		"gives nil":                                                                        conv.Residual(func(b *Stack) *Stack { return nil }),
		"has no layers":                                                                    conv.Residual(func(b *Stack) *Stack { return b }),
		"the block of Residual calls Flatten":                                              conv.Residual(func(b *Stack) *Stack { return b.Flatten() }),
		"sets rules for parameters":                                                        conv.Residual(func(b *Stack) *Stack { return b.Conv(4, 3).LeCun() }),
		"Stride(3) does not follow":                                                        conv.Residual(func(b *Stack) *Stack { return b.Stride(3) }),
		"the 2nd layer, Dense(2), has an activation that does not work: the slope":         conv.Flatten().Dense(2).LeakyReLU(math.NaN()),
		"NormalBias(0): the standard deviation":                                            conv.NormalBias(0),
		"the 2nd layer, OutputScale(0), is a scale with the factor 0":                      conv.OutputScale(0),
		"more than the budget of 1 MiB":                                                    conv.Flatten().Dense(1000).Dense(1000),
		"unfolds an image into 1e+16 numbers, 1000000 patches of 10004569000":              Images(1000, 1000, 1000).Conv(1, 3163),
		"gives images of 1000000 × 1000000 × 5: more than 1e+12 numbers":                   Images(1e6, 1e6, 1).Conv(5, 1),
	} {
		if n, err := s.Build(); err == nil || n != nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "nn: ") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 112: "112th", 122: "122nd"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// The layers themselves are checked as those of the builder are.
func TestWindowErrors(t *testing.T) {
	w := Window{Height: 4, Width: 4, Channels: 2, Filters: 3, Size: 3, Stride: 1, Same: true}
	conv := Layer{Kind: Conv, In: 32, Out: 48, WScale: 1, Window: w}
	pool := Layer{Kind: AvgPool, In: 32, Out: 8, Window: Window{Height: 4, Width: 4, Channels: 2, Size: 2, Stride: 2}}
	last := Layer{In: 48, Out: 1, WScale: 1}
	of := func(l Layer, f func(*Layer)) []Layer { f(&l); return []Layer{l, last} }
	for want, layers := range map[string][]Layer{
		"reads 31 values, but its images of 4 × 4 × 2 have 32":   of(conv, func(l *Layer) { l.In = 31 }),
		"gives 47 values, but its images of 4 × 4 × 3 have 48":   of(conv, func(l *Layer) { l.Out = 47 })[:1],
		"a convolution with 0 filters":                           of(conv, func(l *Layer) { l.Window.Filters = 0 }),
		"the weight scale 0":                                     of(conv, func(l *Layer) { l.WScale = 0 }),
		"the bias scale NaN":                                     of(conv, func(l *Layer) { l.Bias, l.BScale = true, math.NaN() }),
		"a convolution but has the factor 2":                     of(conv, func(l *Layer) { l.Factor = 2 }),
		"windows of 3 × 3 at a stride of 0":                      of(conv, func(l *Layer) { l.Window.Stride = 0 }),
		"a pooling but has 3 filters":                            of(pool, func(l *Layer) { l.Window.Filters = 3 })[:1],
		"a pooling, which has no parameters":                     of(pool, func(l *Layer) { l.WScale = 1 })[:1],
		"leaves the last pixels":                                 of(pool, func(l *Layer) { l.Window.Size = 3 })[:1],
		"dense but has the window":                               {{In: 32, Out: 1, WScale: 1, Window: w}},
		"a scale but has the window":                             {{Kind: Scale, In: 32, Out: 32, Factor: 1, Window: w}},
		"spans 2 layers: that belongs to a residual layer":       of(conv, func(l *Layer) { l.Span = 2 }),
		"around 2 layers, but there are only 1":                  of(conv, func(l *Layer) { l.Span, l.Residual = 2, true }),
		"residual connection adds, reads 32: they must be as ma": {conv, {In: 48, Out: 48, WScale: 1, Residual: true, Span: 2}, last},
	} {
		if _, err := New(layers, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	x := normalMatrix(3, 32, 1)
	n := must(Images(4, 4, 2).Conv(3, 3).ReLU().AvgPool(4).Build())
	if _, err := FitLastLayer(n, x, normalMatrix(3, 3, 2)); err == nil || !strings.Contains(err.Error(), "only a dense last layer is fitted: layer 1, counted from 0, is of the kind average pool") {
		t.Errorf("a last layer that is no dense one: %v", err)
	}
}

// The architecture of the paper's CIFAR-10 experiments.
func TestStackOfThePaper(t *testing.T) {
	n := must(cifar().Build())
	if got, want := n.String(), "network 32×32×3-16@3×3-avg2-32@3×3-avg2-64@3×3-avg2-128@3×3-avg2-128-128-10, relu, biases, 180906 parameters"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := n.ParamLayers(); !slices.Equal(got, []int{0, 2, 4, 6, 8, 9, 10}) {
		t.Errorf("the layers with parameters are %v", got)
	}
	if w := n.Weight(4); w.Rows != 64 || w.Cols != 9*32 || len(n.Bias(4)) != 64 {
		t.Errorf("the third convolution has %d × %d weights", w.Rows, w.Cols)
	}
	for l, in := range map[int]float64{2: 9 * 16, 6: 9 * 64, 8: 4 * 128} {
		variance := stat.Variance(n.Weight(l).Data, nil)
		if se := math.Sqrt(2/float64(len(n.Weight(l).Data))) * 2 / in; math.Abs(variance-2/in) > 5*se {
			t.Errorf("the weights of layer %d have variance %.4g, want %.4g", l, variance, 2/in)
		}
		for _, b := range n.Bias(l) {
			if math.Abs(b) > 1/math.Sqrt(in) {
				t.Errorf("layer %d has the bias %v", l, b)
			}
		}
	}
}

func cifar() *Stack {
	return Images(32, 32, 3).
		Conv(16, 3).ReLU().AvgPool(2).
		Conv(32, 3).ReLU().AvgPool(2).
		Conv(64, 3).ReLU().AvgPool(2).
		Conv(128, 3).ReLU().AvgPool(2).
		Flatten().Dense(128).ReLU().Dense(128).ReLU().Dense(10).Seed(1)
}

// Activations that have no layer of their own to act on make one.
func TestStackActivations(t *testing.T) {
	n := must(Images(3, 3, 1).ReLU().Conv(2, 3).Tanh().GELU().Residual(func(b *Stack) *Stack { return b.ReLU().Conv(2, 3) }).Erf().Flatten().ReLU().Dense(1).Build())
	var got []string
	for _, l := range n.Layers() {
		got = append(got, l.Kind.String()+" "+l.Activation.Name())
	}
	want := []string{"scale relu", "conv tanh", "scale gelu", "scale relu", "conv identity", "scale erf", "scale relu", "dense identity"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if l := n.Layers()[4]; !l.Residual || l.Span != 2 {
		t.Errorf("the block ends in %+v", l)
	}
	if s := n.String(); !strings.HasPrefix(s, "network 9-relu-2@3×3-gelu-relu-2@3×3-erf-relu-1, tanh") {
		t.Error(s)
	}
}

// Rules hold wherever they stand.
func TestStackRules(t *testing.T) {
	before := must(Images(5, 5, 1).NTK().NormalBias(0.2).Seed(4).Conv(2, 3).ReLU().Flatten().Dense(1).Build())
	after := must(Images(5, 5, 1).Conv(2, 3).ReLU().Flatten().Dense(1).He().NTK().NormalBias(0.2).Seed(4).Build())
	if before.Fingerprint() != after.Fingerprint() {
		t.Error("the place of a rule matters")
	}
	x := normalMatrix(4, 25, 1)
	he := must(Images(5, 5, 1).Conv(2, 3).ReLU().Flatten().Dense(1).NormalBias(0.2).Seed(4).Build())
	if !mat.EqualApprox(he.Predict(x), after.Predict(x), 1e-13) {
		t.Error("the NTK parametrisation is another function")
	}
}

// A state dict of PyTorch has images and kernels channel by channel. The
// convolution and the dense layer are written out here in that order.
func TestLoadConvolutionsOfTorch(t *testing.T) {
	const size, in, filters, k, out = 4, 2, 3, 3, 2
	weight, dense := normalMatrix(1, filters*in*k*k, 1).RawMatrix().Data, normalMatrix(1, out*filters*size*size, 2).RawMatrix().Data
	bias := []float64{0.3, -0.2, 0.1}
	path := archive(t, map[string][]byte{
		"0.weight.npy": array("<f8", "False", "(3, 2, 3, 3)", weight...), "0.bias.npy": array("<f8", "False", "(3,)", bias...),
		"3.weight.npy": array("<f8", "False", "(2, 48)", dense...), "3.bias.npy": array("<f8", "False", "(2,)", 0, 0),
	})
	stack := Images(size, size, in).Conv(filters, k).Tanh().Flatten().Dense(out)
	n := must(must(stack.Build()).Load(path))

	image := normalMatrix(1, in*size*size, 3).RawMatrix().Data // channel by channel
	x := mat.NewDense(1, in*size*size, nil)
	for c := range in {
		for p := range size * size {
			x.Set(0, p*in+c, image[c*size*size+p])
		}
	}
	h := make([]float64, filters*size*size)
	for f := range filters {
		for y := range size {
			for x := range size {
				a := bias[f]
				for c := range in {
					for dy := range k {
						for dx := range k {
							if py, px := y+dy-1, x+dx-1; py >= 0 && py < size && px >= 0 && px < size {
								a += weight[((f*in+c)*k+dy)*k+dx] * image[(c*size+py)*size+px]
							}
						}
					}
				}
				h[(f*size+y)*size+x] = math.Tanh(a)
			}
		}
	}
	got := n.Predict(x)
	for o := range out {
		want := 0.0
		for j, v := range h {
			want += dense[o*len(h)+j] * v
		}
		if math.Abs(got.At(0, o)-want) > 1e-13 {
			t.Errorf("output %d is %v, want %v", o, got.At(0, o), want)
		}
	}

	other := must(Images(size, size, in).Conv(filters, 1).Tanh().Flatten().Dense(out).Build())
	if _, err := other.Load(path); err == nil || !strings.Contains(err.Error(), "0.weight: it has the shape [3 2 3 3]: this network needs [3 2 1 1]") {
		t.Errorf("a kernel of another size: %v", err)
	}
	saved := filepath.Join(t.TempDir(), "own.npz")
	if err := n.Save(saved); err != nil {
		t.Fatal(err)
	}
	if again := must(must(stack.Build()).Load(saved)); !sameBits(again.Params(), n.Params()) {
		t.Error("saving changes the order")
	}
}

// A small network of every kind learns which of two textures an image has.
func TestImagesLearn(t *testing.T) {
	x, y := mat.NewDense(60, 64, nil), mat.NewDense(60, 1, nil)
	for i := range 60 {
		y.Set(i, 0, float64(2*(i%2)-1))
		for p := range 64 {
			along := p / 8
			if i%2 == 1 {
				along = p % 8
			}
			x.Set(i, p, math.Sin(2*float64(along)+float64(i)))
		}
	}
	n := must(Images(8, 8, 1).Conv(4, 3).ReLU().MaxPool(2).Residual(func(b *Stack) *Stack { return b.Conv(4, 3).ReLU().Conv(4, 3) }).ReLU().AvgPool(2).Flatten().Dense(1).Seed(2).Build())
	h := must(Train(n).Adam(0.01).Batch(10).Epochs(40).Fit(x.Slice(0, 40, 0, 64), y.Slice(0, 40, 0, 1)))
	if last := h.Loss[len(h.Loss)-1]; last > 0.05*h.Loss[0] {
		t.Errorf("the loss goes from %.3g to %.3g", h.Loss[0], last)
	}
	wrong, f := 0, h.Network.Predict(x.Slice(40, 60, 0, 64))
	for i := range 20 {
		if f.At(i, 0)*y.At(40+i, 0) <= 0 {
			wrong++
		}
	}
	if wrong > 2 {
		t.Errorf("%d of 20 new images are wrong", wrong)
	}
}

// What a pass is said to take is what it takes, within a factor of two.
func TestImagePassBytes(t *testing.T) {
	n := must(Images(16, 16, 4).Conv(8, 3).ReLU().MaxPool(2).Conv(8, 3).ReLU().AvgPool(2).Flatten().Dense(2).Build())
	p := NewPass(n)
	x, s := normalMatrix(50, 16*16*4, 1), normalMatrix(50, 2, 2)
	p.Forward(n, x.RawMatrix())
	p.Backward(n, s.RawMatrix())
	p.Gradient(n, make([]float64, n.NumParams()))
	took := cap(p.patchBuf)
	for i := range p.layers {
		lp := &p.layers[i]
		took += cap(lp.preBuf) + cap(lp.outBuf) + cap(lp.signalBuf) + cap(lp.aboveBuf) + cap(lp.slopeBuf) + cap(lp.transBuf)
		if m, ok := lp.state.(*maxPass); ok {
			took += cap(m.chosen)
		}
	}
	if said := n.PassBytes(50) / 8; int64(took) > said || 2*int64(took) < said {
		t.Errorf("said %d numbers, took %d", said, took)
	}
}
