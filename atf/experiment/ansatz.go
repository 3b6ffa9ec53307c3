package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
)

// An Ansatz holds W_ℓᵀW_ℓ of one layer of a trained student against the average
// gradient outer product G_ℓ of the layer's input (nn's GradientOuterProduct). By the
// neural feature ansatz of Radhakrishnan, Beaglehole, Pandit and Belkin (Science 383,
// 2024) the two, or one and a power of the other, are proportional after training.
// Correlations are Pearson's, over all entries.
type Ansatz struct {
	Weights, Outer []float64 // the diagonals of WᵀW and G after training, one number for each input
	Start, End     float64   // correlation of WᵀW and G before and after
	Root           float64   // after, of WᵀW and G^½, the power of balanced linear networks of two layers
	// Change is the correlation of what training added to WᵀW and to G: at the start
	// the two are alike without any training, since G = WᵀSW.
	Change float64
	// Control is that of what training added to WᵀW and of G before training: what
	// is seen without any change of G.
	Control float64
}

// Ansatz takes the neural feature ansatz for every layer of the student, with
// gradients averaged over images. Errors: those of nn's GradientOuterProduct; a
// layer of one input or matrices that are constant, which correlate with nothing, as
// the change of an untrained student is.
func (r *Run) Ansatz(images *data.Set) ([]Ansatz, error) {
	return keep(r.keep, "neural feature ansatz", func() (all []Ansatz, err error) {
		for l := range r.From.ParamLayers() {
			a, err := r.ansatz(images.X, l)
			if err != nil {
				return nil, fmt.Errorf("experiment: the neural feature ansatz of layer %d, counted from 0: %w", l, err)
			}
			all = append(all, a)
		}
		return all, nil
	}, r.Segment, images)
}

func (r *Run) ansatz(x mat.Matrix, l int) (a Ansatz, err error) {
	before, err := r.From.GradientOuterProduct(x, l)
	if err != nil {
		return a, err
	}
	after, err := r.To.GradientOuterProduct(x, l)
	if err != nil {
		return a, err
	}
	start, err := gramOf(r.From.LayerMatrix(r.From.Params(), l))
	if err != nil {
		return a, err
	}
	end, err := gramOf(r.To.LayerMatrix(r.To.Params(), l))
	if err != nil {
		return a, err
	}
	root, err := squareRoot(after)
	if err != nil {
		return a, err
	}
	a.Weights, a.Outer = diagonal(end), diagonal(after)
	weights, outer := minus(end, start), minus(after, before)
	for _, c := range []struct {
		into *float64
		k, g *mat.SymDense
	}{{&a.Start, start, before}, {&a.End, end, after}, {&a.Root, end, root}, {&a.Change, weights, outer}, {&a.Control, weights, before}} {
		if *c.into, err = correlation(c.k, c.g); err != nil {
			return a, err
		}
	}
	return a, nil
}

// gramOf is WᵀW.
func gramOf(w *mat.Dense, err error) (*mat.SymDense, error) {
	if err != nil {
		return nil, err
	}
	_, in := w.Dims()
	g := mat.NewSymDense(in, nil)
	g.SymOuterK(1, w.T())
	return g, nil
}

func diagonal(g *mat.SymDense) []float64 {
	d := make([]float64, g.SymmetricDim())
	for i := range d {
		d[i] = g.At(i, i)
	}
	return d
}

func minus(a, b *mat.SymDense) *mat.SymDense {
	n := a.SymmetricDim()
	d := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			d.SetSym(i, j, a.At(i, j)-b.At(i, j))
		}
	}
	return d
}

// squareRoot is the positive semidefinite root of g, which is so too.
func squareRoot(g *mat.SymDense) (*mat.SymDense, error) {
	n := g.SymmetricDim()
	var eigen mat.EigenSym
	if !eigen.Factorize(g, true) {
		return nil, fmt.Errorf("the eigenvalues of a %d × %d matrix did not converge", n, n)
	}
	var v mat.Dense
	eigen.VectorsTo(&v)
	for j, lambda := range eigen.Values(nil) {
		quarter := math.Sqrt(math.Sqrt(math.Max(lambda, 0))) // negative by rounding alone
		for i := range n {
			v.Set(i, j, quarter*v.At(i, j))
		}
	}
	root := mat.NewSymDense(n, nil)
	root.SymOuterK(1, &v)
	return root, nil
}

// correlation is Pearson's, over all entries.
func correlation(a, b *mat.SymDense) (float64, error) {
	c := stat.Correlation(mat.DenseCopyOf(a).RawMatrix().Data, mat.DenseCopyOf(b).RawMatrix().Data, nil)
	if math.IsNaN(c) {
		return 0, fmt.Errorf("a %d × %d matrix is constant: it correlates with nothing", a.SymmetricDim(), a.SymmetricDim())
	}
	return c, nil
}
