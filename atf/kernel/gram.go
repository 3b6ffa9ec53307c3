package kernel

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/order"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Gram is the Gram matrix of a kernel with C × C values over n examples
// (LeJeune & Alemohammad, CPAL 2024, §2.1): a symmetric nC × nC matrix in
// example-major order, row i·C + c for output c of example i.
//
// It is a mat.Symmetric, and stores the full square, so both triangles are
// valid. A Gram is not changed after it is made; every method that returns a
// Gram returns a new one.
type Gram struct {
	n, outputs int
	data       []float64
}

var (
	_ mat.Symmetric      = (*Gram)(nil)
	_ mat.RawSymmetricer = (*Gram)(nil)
	_ mat.RawMatrixer    = (*Gram)(nil)
	_ gob.GobEncoder     = (*Gram)(nil)
	_ gob.GobDecoder     = (*Gram)(nil)
)

// NewGram makes a Gram matrix for n examples and the given number of outputs
// from data, the full nC × nC square in row-major order. The slice is taken
// over, not copied, and trusted to be symmetric; use FromMatrix for numbers
// that come from elsewhere. It panics when a size is not positive or the
// length of data is not (nC)².
func NewGram(n, outputs int, data []float64) *Gram {
	if n <= 0 || outputs <= 0 {
		panic(fmt.Sprintf("kernel: a Gram matrix of %d examples and %d outputs: both must be positive", n, outputs))
	}
	if d := n * outputs; len(data) != d*d {
		panic(fmt.Sprintf("kernel: %d numbers for a Gram matrix of %d × %d, which has %d", len(data), d, d, d*d))
	}
	return &Gram{n: n, outputs: outputs, data: data}
}

// symmetryTolerance is how far two mirrored entries may lie apart, relative
// to the largest entry, before FromMatrix refuses the matrix. Kernels computed
// in float32 elsewhere pass; matrices that are not kernels do not.
const symmetryTolerance = 1e-5

// FromMatrix copies a square matrix of nC rows into a Gram matrix, where C is
// outputs. Entries that differ from their mirror by rounding are averaged with
// it. It returns an error when the matrix is empty or not square, when its
// size is no multiple of outputs, when an entry is NaN or infinite, and when
// two mirrored entries differ by more than 1e-5 of the largest entry.
func FromMatrix(m mat.Matrix, outputs int) (*Gram, error) {
	r, c := m.Dims()
	if r != c || r == 0 {
		return nil, fmt.Errorf("kernel: a %d × %d matrix is no Gram matrix: it must be square and not empty", r, c)
	}
	if outputs <= 0 || r%outputs != 0 {
		return nil, fmt.Errorf("kernel: a Gram matrix of %d rows cannot have %d outputs: the rows are examples times outputs", r, outputs)
	}
	if g, ok := m.(*Gram); ok {
		m = mat.NewDense(r, r, g.data) // DenseCopyOf a Symmetric would read one triangle only
	}
	d := mat.DenseCopyOf(m).RawMatrix()
	if err := linalg.Finite("kernel: the matrix", d); err != nil {
		return nil, err
	}
	largest := 0.0
	for _, v := range d.Data {
		largest = math.Max(largest, math.Abs(v))
	}
	for i := 0; i < r; i++ {
		for j := 0; j < i; j++ {
			a, b := d.Data[i*r+j], d.Data[j*r+i]
			if math.Abs(a-b) > symmetryTolerance*largest {
				return nil, fmt.Errorf("kernel: the matrix is not symmetric: %v at row %d, column %d, but %v at row %d, column %d (counted from 0)", a, i, j, b, j, i)
			}
			if a != b {
				v := a/2 + b/2
				d.Data[i*r+j], d.Data[j*r+i] = v, v
			}
		}
	}
	return NewGram(r/outputs, outputs, d.Data), nil
}

// N is the number of examples n.
func (g *Gram) N() int { return g.n }

// Outputs is the number of outputs C.
func (g *Gram) Outputs() int { return g.outputs }

// SymmetricDim is the number of rows, nC. It implements mat.Symmetric.
func (g *Gram) SymmetricDim() int { return g.n * g.outputs }

// Dims is nC, nC. It implements mat.Matrix.
func (g *Gram) Dims() (r, c int) { d := g.n * g.outputs; return d, d }

// At is the entry in row i and column j. It panics outside the matrix.
func (g *Gram) At(i, j int) float64 {
	d := g.n * g.outputs
	if uint(i) >= uint(d) || uint(j) >= uint(d) {
		panic(fmt.Sprintf("kernel: entry (%d, %d), counted from 0, of a Gram matrix of %d × %d", i, j, d, d))
	}
	return g.data[i*d+j]
}

// T is the matrix itself, which is symmetric. It implements mat.Matrix.
func (g *Gram) T() mat.Matrix { return g }

// RawSymmetric is a view of the matrix, not a copy; it must not be written
// to. It is marked blas.Upper, but the lower triangle is valid as well.
func (g *Gram) RawSymmetric() blas64.Symmetric {
	d := g.n * g.outputs
	return blas64.Symmetric{Uplo: blas.Upper, N: d, Stride: d, Data: g.data}
}

// RawMatrix is a view of the full square, not a copy; it must not be written to.
func (g *Gram) RawMatrix() blas64.General {
	d := g.n * g.outputs
	return blas64.General{Rows: d, Cols: d, Stride: d, Data: g.data}
}

// Diagonal is a copy of the nC diagonal entries. For one output they are the
// squared norms K(x_i, x_i) of the features, the quantity of the paper's
// support-vector figure.
func (g *Gram) Diagonal() []float64 {
	d := g.n * g.outputs
	v := make([]float64, d)
	for i := range v {
		v[i] = g.data[i*d+i]
	}
	return v
}

// Trace is the sum of the diagonal.
func (g *Gram) Trace() float64 {
	t := 0.0
	for _, v := range g.Diagonal() {
		t += v
	}
	return t
}

// Sorted is the matrix with its examples in the given order: example i of the
// result is example order[i] of g; the outputs of an example stay together.
// It panics when order is not a permutation of 0 … n−1.
func (g *Gram) Sorted(order []int) *Gram {
	if len(order) != g.n {
		panic(fmt.Sprintf("kernel: an order of %d examples for a Gram matrix of %d", len(order), g.n))
	}
	seen := make([]bool, g.n)
	for _, i := range order {
		if i < 0 || i >= g.n || seen[i] {
			panic(fmt.Sprintf("kernel: the order holds %d, which is repeated or outside 0 … %d: it must be a permutation", i, g.n-1))
		}
		seen[i] = true
	}
	return g.Subset(order)
}

// OrderBy is the matrix with its examples sorted by values, one for each
// example, upwards (by y in the paper's Figure 1). Examples of equal value keep
// their order, and NaN comes first. It panics when there is not one value for
// each of the n examples.
func (g *Gram) OrderBy(values []float64) *Gram {
	if len(values) != g.n {
		panic(fmt.Sprintf("kernel: %d values to order a Gram matrix of %d examples by", len(values), g.n))
	}
	return g.Subset(order.By(values))
}

// Subset is the Gram matrix of the examples idx, in that order; an example may
// be repeated. It panics when idx is empty or names an example outside 0 … n−1.
func (g *Gram) Subset(idx []int) *Gram {
	c, d, m := g.outputs, g.n*g.outputs, len(idx)*g.outputs
	for _, i := range idx {
		if i < 0 || i >= g.n {
			panic(fmt.Sprintf("kernel: example %d of a Gram matrix of %d examples, counted from 0", i, g.n))
		}
	}
	out := make([]float64, m*m)
	par.For(m, 1+(1<<15)/max(m, 1), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			src := g.data[(idx[r/c]*c+r%c)*d:]
			dst := out[r*m : (r+1)*m]
			for k, j := range idx {
				copy(dst[k*c:(k+1)*c], src[j*c:j*c+c])
			}
		}
	})
	return NewGram(len(idx), c, out)
}

// Scale is a·K. The factor must be finite; it panics otherwise.
func (g *Gram) Scale(a float64) *Gram {
	return Combine([]float64{a}, g)
}

// AddRidge is K + ρI. It panics when ρ is not finite.
func (g *Gram) AddRidge(ridge float64) *Gram {
	if math.IsNaN(ridge) || math.IsInf(ridge, 0) {
		panic(fmt.Sprintf("kernel: a ridge of %v: it must be finite", ridge))
	}
	d := g.n * g.outputs
	out := slices.Clone(g.data)
	for i := range d {
		out[i*d+i] += ridge
	}
	return NewGram(g.n, g.outputs, out)
}

// Add is K + other. It panics when the two differ in examples or outputs.
func (g *Gram) Add(other *Gram) *Gram {
	return Combine([]float64{1, 1}, g, other)
}

// Combine is the linear combination Σ_k a_k K_k, the reverse of Decompose. It panics when there is no part, when the numbers of
// coefficients and parts differ, when a coefficient is not finite, or when the
// parts differ in examples or outputs.
func Combine(a []float64, parts ...*Gram) *Gram {
	if len(parts) == 0 || len(a) != len(parts) {
		panic(fmt.Sprintf("kernel: a combination of %d Gram matrices with %d coefficients", len(parts), len(a)))
	}
	first := parts[0]
	for k, p := range parts {
		if p.n != first.n || p.outputs != first.outputs {
			panic(fmt.Sprintf("kernel: a combination of Gram matrices of %d examples × %d outputs and %d × %d", first.n, first.outputs, p.n, p.outputs))
		}
		if math.IsNaN(a[k]) || math.IsInf(a[k], 0) {
			panic(fmt.Sprintf("kernel: coefficient %d, counted from 0, of a combination of Gram matrices is %v", k, a[k]))
		}
	}
	out := make([]float64, len(first.data))
	par.For(len(out), 1<<15, func(lo, hi int) {
		for k, p := range parts {
			ak, src, dst := a[k], p.data[lo:hi], out[lo:hi]
			for i, v := range src {
				dst[i] += ak * v
			}
		}
	})
	return NewGram(first.n, first.outputs, out)
}

// Fingerprint names the matrix by its shape and its numbers.
func (g *Gram) Fingerprint() string {
	return fingerprint.New("kernel.Gram/1").Int(g.n, g.outputs).Float(g.data...).Sum()
}

// gramRecord is what a Gram matrix is written as. Only the upper triangle is
// kept.
type gramRecord struct {
	N, Outputs int
	Upper      []float64
}

// GobEncode writes the matrix in the form encoding/gob asks for.
func (g *Gram) GobEncode() ([]byte, error) {
	d := g.n * g.outputs
	rec := gramRecord{N: g.n, Outputs: g.outputs, Upper: make([]float64, 0, d*(d+1)/2)}
	for i := 0; i < d; i++ {
		rec.Upper = append(rec.Upper, g.data[i*d+i:(i+1)*d]...)
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(rec)
	return b.Bytes(), err
}

// GobDecode reads what GobEncode wrote. It returns an error when the record
// does not fit together.
func (g *Gram) GobDecode(p []byte) error {
	var rec gramRecord
	if err := gob.NewDecoder(bytes.NewReader(p)).Decode(&rec); err != nil {
		return fmt.Errorf("kernel: reading a Gram matrix: %w", err)
	}
	d := rec.N * rec.Outputs
	if rec.N <= 0 || rec.Outputs <= 0 || d/rec.Outputs != rec.N || len(rec.Upper) != d*(d+1)/2 {
		return fmt.Errorf("kernel: a stored Gram matrix of %d examples and %d outputs holds %d numbers: the record is damaged", rec.N, rec.Outputs, len(rec.Upper))
	}
	data := make([]float64, d*d)
	for i, k := 0, 0; i < d; i++ {
		k += copy(data[i*d+i:(i+1)*d], rec.Upper[k:])
	}
	linalg.MirrorUpper(blas64.General{Rows: d, Cols: d, Stride: d, Data: data})
	*g = Gram{n: rec.N, outputs: rec.Outputs, data: data}
	return nil
}

// Replicate is K ⊗ I_C, the kernel of C outputs that share no parameters, in
// example-major order. It panics when K has more than one output already or c
// is not positive.
func (g *Gram) Replicate(c int) *Gram {
	if g.outputs != 1 || c <= 0 {
		panic(fmt.Sprintf("kernel: a Gram matrix of %d outputs replicated for %d", g.outputs, c))
	}
	d := g.n * c
	out := make([]float64, d*d)
	for i := 0; i < d; i++ {
		for j := 0; j < g.n; j++ {
			out[i*d+j*c+i%c] = g.data[i/c*g.n+j]
		}
	}
	return NewGram(g.n, c, out)
}
