package feature

import (
	"errors"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
)

// grids are: windows that reach beyond the image; a stride; one window only, where
// pairs of positions are cheaper than features written out.
var grids = map[string]window.Grid{
	"conv":        {Height: 3, Width: 2, Channels: 2, Size: 2, Stride: 1, Same: true},
	"conv stride": {Height: 4, Width: 5, Channels: 1, Size: 3, Stride: 2, Same: true},
	"conv whole":  {Height: 3, Width: 3, Channels: 1, Size: 3, Stride: 1},
}

// written is the feature matrix of a convolution by its definition.
func written(grid window.Grid, d, h blas64.General, c int, nodes []float64, scale, patch, tail float64) func(rows int) blas64.General {
	return func(rows int) blas64.General {
		places, size := grid.Positions(), grid.Patch()
		out, in := d.Cols/places, size
		if tail != 0 {
			in++
		}
		e := linalg.New(rows, out*in)
		patches := make([]float64, places*size)
		for t, w := range nodes {
			for r := range rows {
				grid.Unfold(patches, h.Data[(t*rows/c+r/c)*h.Stride:])
				for p := range places {
					for o := range out {
						v := scale * w * d.Data[(t*rows+r)*d.Stride+p*out+o]
						for i := range size {
							e.Data[r*e.Stride+o*in+i] += v * patch * patches[p*size+i]
						}
						if tail != 0 {
							e.Data[r*e.Stride+o*in+size] += v * tail
						}
					}
				}
			}
		}
		return e
	}
}

func convolutions(rng *rand.Rand) []pair {
	var out []pair
	for _, name := range []string{"conv", "conv stride", "conv whole"} {
		g := grids[name]
		factors := func(n, nodes int) (d, h blas64.General) {
			return random(rng, nodes*n*c, g.Positions()*4), random(rng, nodes*n, g.Numbers())
		}
		d, h := factors(n, 1)
		d2, h2 := factors(m, 1)
		a, b := NewConv(d, h, c, nil, g, 0.7), NewConv(d2, h2, c, nil, g, 0.7)
		out = append(out, pair{name, a, b, written(g, d, h, c, []float64{1}, 0.7, 1, 0)})
		out = append(out, pair{name + ", joined", a.joined(0.4), b.joined(0.4), written(g, d, h, c, []float64{1}, 1, 0.7, 0.4)})
		d, h = factors(n, 3)
		d2, h2 = factors(m, 3)
		out = append(out, pair{name + ", average", NewConv(d, h, c, nodes, g, 0.7), NewConv(d2, h2, c, nodes, g, 0.7), written(g, d, h, c, nodes, 0.7, 1, 0)})
	}
	return out
}

// Both ways to a block agree, whatever the weight, and each is chosen where it takes
// fewer operations.
func TestPairsOfPositionsEqualOuter(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	chosen := map[bool]int{}
	for _, p := range convolutions(rng) {
		a := p.a.(*Conv)
		out, in := a.Shape()
		for name, e := range weightsOf(rng, out, in) {
			k, ok := e.w.(kronecker)
			if !ok {
				continue
			}
			for _, b := range []*Conv{a, p.b.(*Conv)} {
				chosen[a.pairsCheaper(b, out, in)]++
				outer, pairs := linalg.New(n*c, b.rows()), linalg.New(n*c, b.rows())
				how := Products{symmetric: a == b}
				var s Scratch
				s.loops()
				for _, term := range k.terms() {
					if err := a.addOuter(outer, b, term, nil, how, &s); err != nil {
						t.Fatal(err)
					}
					if err := a.addPairs(pairs, b, term, how, &s); err != nil {
						t.Fatal(err)
					}
				}
				if a == b {
					linalg.MirrorUpper(outer)
					linalg.MirrorUpper(pairs)
				}
				near(t, p.name+" with "+name, outer.Data, pairs.Data)
			}
		}
	}
	if chosen[true] == 0 || chosen[false] == 0 {
		t.Errorf("only one way is chosen: %v", chosen)
	}
}

// A convolution's layer is the sum of its blocks, written out or not, for any number
// of rows at a time, and its homogeneous form has the same kernel.
func TestConvLayer(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	stop := errors.New("stop")
	for name, g := range grids {
		layer := func(n int, columns bool) ConvLayer {
			d, h := random(rng, n*c, g.Positions()*4), random(rng, n, g.Numbers())
			sum := linalg.New(n*c, 4)
			for r := range n * c {
				for i, v := range d.Data[r*d.Stride : (r+1)*d.Stride] {
					sum.Data[r*4+i%4] += v
				}
			}
			l := ConvLayer{NewConv(d, h, c, nil, g, 0.7), NewBias(NewSignals(sum, n, c, 1), 0.4)}
			if columns {
				l.Weights = NewColumns(written(g, d, h, c, []float64{1}, 1, 1, 0)(n*c), 0.7, 4, g.Patch())
			}
			return l
		}
		for _, columns := range []bool{false, true} {
			a, b := layer(n, columns), layer(m, columns)
			want := checkProducts(t, name, a, b)
			for _, rows := range []int{0, 1, 2, 100} {
				if a.Work(b, Products{Rows: rows}) <= 0 {
					t.Errorf("%s takes %d bytes", name, a.Work(b, Products{Rows: rows}))
				}
			}
			if !columns {
				checkPieces(t, name, a.Weights)
			}
			var s Scratch
			k := linalg.New(n*c, n*c)
			a.Keeping().Joined().Gram(Scalar(1), k, &s)
			linalg.MirrorUpper(k)
			near(t, name+": Joined", k.Data, want.Data)
			bare := ConvLayer{Weights: a.Weights}
			if len(bare.Blocks()) != 1 || bare.Joined() != a.Weights {
				t.Errorf("%s: a layer without biases has %d blocks", name, len(bare.Blocks()))
			}
			s.Interrupted = func() error { return stop }
			if err := a.Gram(k, Products{}, &s); !errors.Is(err, stop) {
				t.Errorf("%s: the error is %v", name, err)
			}
		}
	}
}

func TestConvPanics(t *testing.T) {
	g := grids["conv"]
	d, h := linalg.New(4, 6*3), linalg.New(2, 12)
	for name, f := range map[string]func(){
		"images":    func() { NewConv(d, linalg.New(2, 11), 2, nil, g, 1) },
		"positions": func() { NewConv(linalg.New(4, 17), h, 2, nil, g, 1) },
		"rows":      func() { NewConv(linalg.New(3, 18), h, 2, nil, g, 1) },
		"nodes":     func() { NewConv(d, h, 2, nodes, g, 1) },
		"cross of kinds": func() {
			var s Scratch
			NewConv(d, h, 2, nil, g, 1).Cross(NewColumns(linalg.New(4, 24), 1, 3, 8), Scalar(1), linalg.New(4, 4), &s)
		},
		"cross of layers": func() {
			var s Scratch
			dense := DenseLayer{Weights: NewDense(NewSignals(linalg.New(4, 2), 2, 2, 1), linalg.New(2, 3), nil, 1)}
			_ = ConvLayer{Weights: NewConv(d, h, 2, nil, g, 1)}.Cross(dense, linalg.New(4, 4), Products{}, &s)
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
