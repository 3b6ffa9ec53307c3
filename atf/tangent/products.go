package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// parts calls f for every block of features with the range of parameters that
// it belongs to. The places of biases that do not take part are in none.
func (f *Features) parts(do func(b feature.Block, from, to int)) {
	for l, layer := range f.layers {
		at, _ := f.net.Offsets(f.places[l])
		for _, b := range layer.Blocks() {
			out, in := b.Shape()
			do(b, at, at+out*in)
			at += out * in
		}
	}
}

// JVP is the product ∇f(x_i)ᵀ v for every input: n × C, for a vector v of P
// numbers laid out as the network's parameters. It is the change of the
// outputs that the linear model gives to the step v, and the second term of
// eq. (2) for averaged features. It panics when v has not P entries. Cost:
// T·n·P multiplications, and n·out numbers of memory at a time.
func (f *Features) JVP(v []float64) *mat.Dense {
	f.checkParams(v)
	g := make([]float64, f.n*f.c) // row iC + c of the nC-vector is at i·C + c
	f.parts(func(b feature.Block, from, to int) { b.Apply(v[from:to], g) })
	return mat.NewDense(f.n, f.c, g)
}

// VJP is the product Σ_i ∇f(x_i) u_i for u of n × C: a vector of P numbers
// laid out as the network's parameters. It panics when u has another shape.
// Cost: T·n·C·P multiplications at most.
func (f *Features) VJP(u mat.Matrix) []float64 {
	if r, c := u.Dims(); r != f.n || c != f.c {
		panic(fmt.Sprintf("tangent: u is %d × %d, the features have %d inputs and %d outputs", r, c, f.n, f.c))
	}
	alpha := mat.DenseCopyOf(u).RawMatrix().Data
	theta := make([]float64, f.net.NumParams())
	f.parts(func(b feature.Block, from, to int) { b.Adjoint(alpha, theta[from:to]) })
	return theta
}

func (f *Features) checkParams(v []float64) {
	if p := f.net.NumParams(); len(v) != p {
		panic(fmt.Sprintf("tangent: vector of %d numbers, the network has %d parameters", len(v), p))
	}
}

// Explicit is the feature matrix written out: nC × P, row i·C + c the gradient
// of output c at input i in the parameters' layout. It is for small cases and
// for checks: a matrix beyond the memory budget is an error.
func (f *Features) Explicit() (*mat.Dense, error) {
	p := f.net.NumParams()
	what := fmt.Sprintf("tangent: the explicit %d × %d feature matrix", f.n*f.c, p)
	if err := budget.Check(what, 8*int64(f.n*f.c)*int64(p), f.set.Memory, "use Kernel, JVP and VJP, which never form it, or take fewer inputs"); err != nil {
		return nil, err
	}
	j := linalg.New(f.n*f.c, p)
	f.parts(func(b feature.Block, from, to int) { b.Write(linalg.Cols(j, from, to)) })
	return mat.NewDense(j.Rows, j.Cols, j.Data), nil
}
