package nn

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"math"
	"path/filepath"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// imageZoo are networks on images of 6 × 5 × 2 with every kind of window: same and
// valid padding, strides, poolings that overlap or reach beyond the image, residual
// blocks, one within another, and convolutions at the end.
func imageZoo() map[string]*Network {
	block := func(b *Stack) *Stack { return b.Conv(3, 3).Tanh().Conv(3, 3) }
	out := map[string]*Network{}
	for name, s := range map[string]*Stack{
		"same":      Images(6, 5, 2).Conv(3, 3).Tanh().Conv(2, 2).GELU().Flatten().Dense(3),
		"valid":     Images(6, 5, 2).Conv(3, 2).Valid().Tanh().Flatten().Dense(4).Tanh().Dense(2),
		"strides":   Images(6, 5, 2).Conv(3, 3).Stride(2).Tanh().Conv(2, 5).Stride(3).Flatten().Dense(2),
		"average":   Images(6, 5, 2).Conv(3, 3).Erf().AvgPool(3).Same().Flatten().Dense(2),
		"first avg": Images(6, 5, 2).AvgPool(2).Stride(1).Conv(3, 3).Tanh().Flatten().Dense(2),
		"maximum":   Images(6, 5, 2).Conv(3, 3).Tanh().MaxPool(2).Same().Tanh().Conv(2, 1).MaxPool(3).Stride(1).Same().Flatten().Dense(2),
		"first max": Images(6, 5, 2).MaxPool(3).Stride(1).Conv(3, 3).Tanh().Flatten().Dense(2),
		"residual":  Images(6, 5, 2).Conv(3, 3).Residual(block).Tanh().Residual(block).Flatten().Dense(2),
		"before": Images(6, 5, 2).Conv(3, 3).Residual(func(b *Stack) *Stack {
			return b.Tanh().Conv(3, 3).Tanh().Conv(3, 3)
		}).AvgPool(2).Same().Flatten().Residual(func(b *Stack) *Stack { return b.Dense(27).Tanh() }).Dense(2),
		"nested": Images(6, 5, 2).Residual(func(b *Stack) *Stack {
			return b.Conv(2, 3).Tanh().Residual(func(b *Stack) *Stack { return b.Conv(2, 1).Tanh() })
		}).Flatten().Dense(2),
		"ntk":  Images(6, 5, 2).NTK().NormalBias(0.3).Conv(3, 3).Tanh().Conv(2, 3).Flatten().Dense(2).OutputScale(1.5),
		"bare": Images(6, 5, 2).LeCun().NoBias().Conv(3, 3).Tanh().Conv(1, 6).Stride(6),
	} {
		out[name] = must(s.Seed(5).Build())
	}
	return out
}

// plainLayer is a layer of an image network by the definitions of its kind, for
// one example.
func plainLayer(n *Network, l int, h []float64) []float64 {
	ly := n.Layers()[l]
	a := make([]float64, ly.Out)
	w, b, g := n.Weight(l), n.Bias(l), ly.Window
	rows, cols, out := 0, 0, 0
	if g != (Window{}) {
		rows, cols, out = g.Out()
	}
	for i := range a {
		switch ly.Kind {
		case Scale:
			a[i] = ly.Factor * h[i]
			continue
		case Dense:
			for j, v := range h {
				a[i] += ly.WScale * w.Data[i*w.Stride+j] * v
			}
			if b != nil {
				a[i] += ly.BScale * b[i]
			}
			continue
		}
		y, x, f := i/(cols*out), i/out%cols, i%out
		corner := func(at, length, windows int) int {
			if !g.Same {
				return at * g.Stride
			}
			return at*g.Stride - max((windows-1)*g.Stride+g.Size-length, 0)/2
		}
		top, left := corner(y, g.Height, rows), corner(x, g.Width, cols)
		largest, sum, count := math.Inf(-1), 0.0, 0.0
		for dy := range g.Size {
			for dx := range g.Size {
				if py, px := top+dy, left+dx; py >= 0 && py < g.Height && px >= 0 && px < g.Width {
					pixel := h[(py*g.Width+px)*g.Channels:]
					if ly.Kind == Conv {
						for c := range g.Channels {
							a[i] += ly.WScale * w.Data[f*w.Stride+(dy*g.Size+dx)*g.Channels+c] * pixel[c]
						}
						continue
					}
					largest, sum, count = max(largest, pixel[f]), sum+pixel[f], count+1
				}
			}
		}
		switch {
		case ly.Kind == AvgPool:
			a[i] = sum / count
		case ly.Kind == MaxPool:
			a[i] = largest
		case b != nil:
			a[i] += ly.BScale * b[f]
		}
	}
	return a
}

func plainImages(n *Network, x []float64) []float64 {
	inputs := [][]float64{x}
	for l, ly := range n.Layers() {
		a := plainLayer(n, l, inputs[l])
		ly.Activation.Value(a, a)
		if ly.Residual {
			floats.Add(a, inputs[l-max(ly.Span, 1)+1])
		}
		inputs = append(inputs, a)
	}
	return inputs[len(inputs)-1]
}

func TestImagesAgainstDefinition(t *testing.T) {
	x := normalMatrix(9, 60, 1)
	for name, n := range imageZoo() {
		f := n.Predict(x)
		for i := range 9 {
			if d := worst(f.RawRowView(i), plainImages(n, x.RawRowView(i))); d > 1e-13 {
				t.Errorf("%s: row %d differs by %.1e", name, i, d)
			}
		}
	}
}

// Gradients by the parameters and by the inputs against central differences, the
// latter through the bias of a first layer that adds to the input.
func TestImageGradients(t *testing.T) {
	x := normalMatrix(3, 60, 2)
	for name, n := range imageZoo() {
		identity := mat.NewDense(60, 60, nil)
		for i := range 60 {
			identity.Set(i, i, 1)
		}
		layers := append([]Layer{{In: 60, Out: 60, Bias: true, WScale: 1, BScale: 1}}, n.Layers()...)
		theta := append(append(identity.RawMatrix().Data, make([]float64, 60)...), n.Params()...)
		n = must(New(layers, theta))
		s := normalMatrix(3, n.Outputs(), 3)
		p := NewPass(n)
		p.Forward(n, x.RawMatrix())
		p.Backward(n, s.RawMatrix())
		grad := make([]float64, n.NumParams())
		p.Gradient(n, grad)
		own := theta[3600:] // the weights of the layer before are all alike
		moving := n.Params()
		run := n.Runner(moving)
		want := fd.Gradient(nil, func(at []float64) float64 {
			copy(moving[3600:], at)
			run.Changed()
			return floats.Dot(values(run.Forward(x.RawMatrix())), s.RawMatrix().Data)
		}, own, &fd.Settings{Formula: fd.Central, Step: 1e-5})
		if d := worst(grad[3600:], want); d > 1e-7 {
			t.Errorf("%s: the gradient differs from central differences by %.1e", name, d)
		}

		v := normalMatrix(1, len(theta), 4).RawMatrix().Data
		got := mat.NewDense(3, n.Outputs(), values(p.Directional(n, v)))
		moved := func(step float64) *mat.Dense {
			at := append([]float64(nil), theta...)
			floats.AddScaled(at, step, v)
			return n.At(at).Predict(x)
		}
		var d mat.Dense
		d.Sub(moved(1e-6), moved(-1e-6))
		d.Scale(0.5e6, &d)
		if e := worst(got.RawMatrix().Data, d.RawMatrix().Data); e > 1e-7 {
			t.Errorf("%s: the derivative in a direction differs from central differences by %.1e", name, e)
		}
		d.MulElem(got, s)
		if sum := mat.Sum(&d); math.Abs(floats.Dot(grad, v)-sum) > 1e-12*(1+math.Abs(sum)) {
			t.Errorf("%s: sᵀ(∇fᵀv) = %v, (∇f s)ᵀv = %v", name, sum, floats.Dot(grad, v))
		}
	}
}

// A convolution whose kernel is the image is a dense layer.
func TestConvOfTheWholeImageIsDense(t *testing.T) {
	conv := must(Images(4, 4, 3).Conv(5, 4).Valid().Tanh().Flatten().Dense(2).Seed(3).Build())
	dense := must(MLP(48, 5, 2).Tanh().Seed(3).Build())
	x, s := normalMatrix(7, 48, 1), normalMatrix(7, 2, 2)
	if !sameBits(conv.Params(), dense.Params()) {
		t.Fatal("the same seed gives other parameters")
	}
	if d := worst(conv.Predict(x).RawMatrix().Data, dense.Predict(x).RawMatrix().Data); d > 1e-14 {
		t.Errorf("the outputs differ by %.1e", d)
	}
	gradient := func(n *Network) []float64 {
		p, g := NewPass(n), make([]float64, n.NumParams())
		p.Forward(n, x.RawMatrix())
		p.Backward(n, s.RawMatrix())
		p.Gradient(n, g)
		return g
	}
	if d := worst(gradient(conv), gradient(dense)); d > 1e-13 {
		t.Errorf("the gradients differ by %.1e", d)
	}
}

// A shifted image gives a shifted output where no window reaches beyond it.
func TestConvMovesWithTheImage(t *testing.T) {
	n := must(Images(9, 9, 2).Conv(3, 3).Tanh().Conv(1, 3).Seed(2).Build())
	x := mat.NewDense(2, 162, nil)
	for y := range 3 {
		for j := range 6 {
			v := math.Sin(float64(7*y + j + 1))
			x.Set(0, ((y+2)*9+2)*2+j, v)
			x.Set(1, ((y+4)*9+3)*2+j, v) // two down, one to the right
		}
	}
	f := n.Predict(x)
	for y := range 7 {
		for c := range 8 {
			if a, b := f.At(0, y*9+c), f.At(1, (y+2)*9+c+1); y > 0 && y < 6 && c > 0 && c < 7 && math.Abs(a-b) > 1e-14 {
				t.Fatalf("(%d, %d): %v and %v", y, c, a, b)
			}
		}
	}
}

// Neither the batch nor GOMAXPROCS nor reuse matter, and a pass that has met its
// largest batch allocates nothing.
func TestImagePassBits(t *testing.T) {
	tol := 0.0
	if linalg.Backend == "OpenBLAS" {
		tol = 1e-12
	}
	// Wide enough for several batches of patches.
	n := must(Images(24, 24, 8).Conv(9, 3).ReLU().MaxPool(2).Conv(8, 5).Stride(2).ReLU().AvgPool(2).Flatten().Dense(3).Seed(1).Build())
	x, s := normalMatrix(21, 24*24*8, 1), normalMatrix(21, 3, 2)
	run := func(p *Pass, lo, hi int) (f, g []float64) {
		g = make([]float64, n.NumParams())
		p.Forward(n, linalg.Rows(x.RawMatrix(), lo, hi))
		f = values(p.Output())
		p.Backward(n, linalg.Rows(s.RawMatrix(), lo, hi))
		p.Gradient(n, g)
		return f, g
	}
	f, g := run(NewPass(n), 0, 21)
	for _, procs := range []int{1, 2, 5} {
		withProcs(procs, func() {
			p := NewPass(n)
			part, _ := run(p, 13, 20)
			if d := worst(part, f[13*3:20*3]); d > tol {
				t.Errorf("%d processors: the batch changes the outputs by %.1e", procs, d)
			}
			again, h := run(p, 0, 21)
			if d := max(worst(again, f), worst(h, g)); d > tol {
				t.Errorf("%d processors: %.1e", procs, d)
			}
		})
	}
	withProcs(1, func() {
		p, grad := NewPass(n), make([]float64, n.NumParams())
		sweep := func() {
			p.Forward(n, x.RawMatrix())
			p.Backward(n, s.RawMatrix())
			p.Gradient(n, grad)
			p.Directional(n, grad)
		}
		sweep()
		if a := testing.AllocsPerRun(3, sweep); a > 0 && linalg.Backend != "OpenBLAS" {
			t.Errorf("%v allocations a pass", a)
		}
	})
	runtime.KeepAlive(n)
}

// An empty batch is no batch: what comes after it is right.
func TestNoImages(t *testing.T) {
	n := must(Images(5, 5, 1).Conv(2, 3).ReLU().MaxPool(2).Same().Flatten().Dense(2).Seed(1).Build())
	x, p := normalMatrix(3, 25, 1), NewPass(n)
	p.Forward(n, blas64.General{Cols: 25, Stride: 25})
	p.Forward(n, x.RawMatrix())
	if d := worst(values(p.Output()), n.Predict(x).RawMatrix().Data); d > 0 {
		t.Errorf("the outputs differ by %.1e", d)
	}
}

// Of equal numbers the first is chosen, and a NaN before all: none is lost.
func TestMaxPoolChoosesTheFirst(t *testing.T) {
	n := must(Images(2, 4, 1).NoBias().MaxPool(2).Flatten().Dense(1).Build()).At([]float64{1, 1})
	p := NewPass(n)
	p.Forward(n, blas64.General{Rows: 1, Cols: 8, Stride: 8, Data: []float64{3, 1, 0, 0, 3, 3, 0, 0}})
	m := p.layers[0].state.(*maxPass)
	if m.chosen[0] != 0 || m.chosen[1] != 2 {
		t.Errorf("chosen are %v", m.chosen)
	}
	p.Forward(n, blas64.General{Rows: 1, Cols: 8, Stride: 8, Data: []float64{3, 1, 0, 0, math.NaN(), 7, 0, 0}})
	if v := p.Output().Data[0]; !math.IsNaN(v) {
		t.Errorf("with a NaN the output is %v", v)
	}
}

func TestImagesAreKept(t *testing.T) {
	seen := map[string]string{}
	for name, n := range imageZoo() {
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode(n); err != nil {
			t.Fatal(err)
		}
		var read Network
		if err := gob.NewDecoder(&buf).Decode(&read); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !read.SameArchitecture(n) || read.Fingerprint() != n.Fingerprint() || !sameBits(read.Params(), n.Params()) {
			t.Errorf("%s: gob changes the network", name)
		}
		if other, ok := seen[n.Fingerprint()]; ok {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		seen[n.Fingerprint()] = name

		path := filepath.Join(t.TempDir(), "net.npz")
		if err := n.Save(path); err != nil {
			t.Fatal(err)
		}
		if m := must(n.At(make([]float64, n.NumParams())).Load(path)); !sameBits(m.Params(), n.Params()) {
			t.Errorf("%s: a file changes the parameters", name)
		}
	}
	// Padding, stride and span are part of the name.
	base := Images(6, 6, 1).Conv(1, 3).Tanh()
	nets := []*Stack{
		base.Conv(1, 3).Flatten().Dense(1), base.Conv(1, 3).Stride(2).Flatten().Dense(1), base.Conv(1, 3).Valid().Flatten().Dense(1),
		base.Residual(func(b *Stack) *Stack { return b.Conv(1, 3) }).Flatten().Dense(1),
	}
	for i, s := range nets {
		n := must(s.Build())
		for j := range i {
			if n.Fingerprint() == must(nets[j].Build()).Fingerprint() {
				t.Errorf("networks %d and %d have one fingerprint", i, j)
			}
		}
	}
}

// Networks of dense layers keep the fingerprints they had before there were
// images, and streams written then are read.
func TestOlderNetworksAreRead(t *testing.T) {
	const stream = "CX8FAQL/ggAAAP4BOv+AAP4BNDD/gwMBAQtuZXR3b3JrV2lyZQH/hAABAgEGTGF5ZXJzAf+KAAEFVGhldGEB/4wAAAAZ/4kCAQEKW11ubi5MYXllcgH/igAB/4YAAHL/hQMBAQVMYXllcgH/hgABCQEES2luZAEGAAECSW4BBAABA091dAEEAAEKQWN0aXZhdGlvbgH/iAABBEJpYXMBAgABBldTY2FsZQEIAAEGQlNjYWxlAQgAAQhSZXNpZHVhbAECAAEGRmFjdG9yAQgAAAAW/4cFAQEKQWN0aXZhdGlvbgH/iAAAABf/iwIBAQlbXWZsb2F0NjQB/4wAAQgAAEb/hAEDAgQBBAEEdGFuaAEBAf7wPwH+4D8BAQABAQEEAQQG/vg/AAIEAQIDQAABCP7wP0D+CED+EED+FED+GED+HED+IEAA"
	var n Network
	if err := gob.NewDecoder(bytes.NewReader(must(base64.StdEncoding.DecodeString(stream)))).Decode(&n); err != nil {
		t.Fatal(err)
	}
	if got := n.Fingerprint(); got != "dc0f617e0735b60b" {
		t.Errorf("the fingerprint is %s", got)
	}
	if !floats.Equal(n.Params(), []float64{1, 2, 3, 4, 5, 6, 7, 8}) || n.Layers()[1].Factor != 1.5 || !n.Layers()[0].Residual {
		t.Errorf("%v, %v", n.Layers(), n.Params())
	}
	if got := must(MLP(4, 5, 5, 3).Residual().Seed(7).Build()).Fingerprint(); got != "0a1e1f497241d20c" {
		t.Errorf("the fingerprint of an MLP is %s", got)
	}
}
