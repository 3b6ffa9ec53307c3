package kernel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Similarity is the cosine of two kernels as vectors of their entries,
//
//	⟨A, B⟩ / (‖A‖_F ‖B‖_F)
//
// not centred: the measure of LeJeune & Alemohammad (CPAL 2024), figure 1. It
// lies between −1 and 1, and between 0 and 1 for positive semidefinite
// kernels. The matrices may also be cross Gram matrices of one shape.
//
// A NaN or infinite entry, a kernel that is zero everywhere, or unlike shapes are
// errors.
func Similarity(a, b mat.Matrix) (float64, error) {
	da, db, err := sameShape("Similarity", a, b)
	if err != nil {
		return 0, err
	}
	sa, err := scaleOf("the first matrix", da)
	if err != nil {
		return 0, err
	}
	sb, err := scaleOf("the second matrix", db)
	if err != nil {
		return 0, err
	}
	return cosine(inner(da, db, sa, sb), inner(da, da, sa, sa), inner(db, db, sb, sb)), nil
}

// cosine is ab/√(aa·bb), held to [−1, 1], which rounding can leave by an ulp.
func cosine(ab, aa, bb float64) float64 {
	return math.Max(-1, math.Min(1, ab/(math.Sqrt(aa)*math.Sqrt(bb))))
}

func sameShape(who string, a, b mat.Matrix) (da, db blas64.General, err error) {
	ar, ac := a.Dims()
	br, bc := b.Dims()
	if ar != br || ac != bc {
		return da, db, fmt.Errorf("kernel: %s of a %d × %d and a %d × %d matrix: both must be over the same inputs", who, ar, ac, br, bc)
	}
	return dense(a), dense(b), nil
}

// CKA is the centred kernel alignment
//
//	⟨H A H, H B H⟩ / (‖H A H‖_F ‖H B H‖_F),  H = I − 11ᵀ/n
//
// of Cortes, Mohri & Rostamizadeh (JMLR 2012), the measure of similarity of
// representations of Kornblith et al. (ICML 2019). Where an argument is a
// Gram matrix with C outputs, the features are centred over the examples for
// each output (H ⊗ I_C); other matrices count as one output. It needs no
// memory beyond a few vectors.
//
// A NaN or infinite entry, or a kernel that centring makes zero (to 1e-12 of
// its norm), is an error, and so are matrices that are not square or differ in
// shape or outputs.
func CKA(a, b mat.Matrix) (float64, error) {
	da, db, err := sameShape("CKA", a, b)
	if err != nil {
		return 0, err
	}
	if da.Rows != da.Cols {
		return 0, fmt.Errorf("kernel: CKA of %d × %d matrices: they must be square", da.Rows, da.Cols)
	}
	outputs := 1
	ga, okA := a.(*Gram)
	gb, okB := b.(*Gram)
	switch {
	case okA && okB && ga.outputs != gb.outputs:
		return 0, fmt.Errorf("kernel: CKA of Gram matrices with %d and %d outputs: both must have the same", ga.outputs, gb.outputs)
	case okA:
		outputs = ga.outputs
	case okB:
		outputs = gb.outputs
	}
	ca, err := newCentred("the first matrix", da, outputs)
	if err != nil {
		return 0, err
	}
	cb, err := newCentred("the second matrix", db, outputs)
	if err != nil {
		return 0, err
	}
	n := da.Rows
	aa := sumRows(n, n, func(i int) float64 { return ca.rowInner(ca, i) })
	bb := sumRows(n, n, func(i int) float64 { return cb.rowInner(cb, i) })
	for _, c := range []struct {
		name    string
		sq, raw float64
	}{{"the first matrix", aa, inner(da, da, ca.scale, ca.scale)}, {"the second matrix", bb, inner(db, db, cb.scale, cb.scale)}} {
		if math.Sqrt(c.sq) <= 1e-12*math.Sqrt(c.raw) {
			return 0, fmt.Errorf("kernel: %s is zero after centring (all examples have the same features): centred alignment is not defined; use Similarity", c.name)
		}
	}
	return cosine(sumRows(n, n, func(i int) float64 { return ca.rowInner(cb, i) }), aa, bb), nil
}

// centred is a kernel seen through H ⊗ I_C on both sides, entry by entry.
type centred struct {
	m       blas64.General
	outputs int
	scale   float64
	left    []float64 // C × nC: means over the examples of the row index
	right   []float64 // nC × C: means over the examples of the column index
	both    []float64 // C × C: means over both
}

func newCentred(name string, m blas64.General, outputs int) (*centred, error) {
	scale, err := scaleOf(name, m)
	if err != nil {
		return nil, err
	}
	c, d := outputs, m.Rows
	n := float64(d / c)
	k := &centred{m: m, outputs: c, scale: scale,
		left: make([]float64, c*d), right: make([]float64, d*c), both: make([]float64, c*c)}
	f := 1 / scale
	for i := 0; i < d; i++ {
		l, r := k.left[(i%c)*d:(i%c+1)*d], k.right[i*c:(i+1)*c]
		for j, v := range row(m, i) {
			v *= f
			l[j] += v / n
			r[j%c] += v / n
		}
		for q := range r {
			k.both[(i%c)*c+q] += r[q] / n
		}
	}
	return k, nil
}

// rowInner is the inner product of row i of two centred kernels.
func (k *centred) rowInner(o *centred, i int) float64 {
	c, d := k.outputs, k.m.Rows
	fk, fo := 1/k.scale, 1/o.scale
	rk, ro := row(k.m, i), row(o.m, i)
	lk, lo := k.left[(i%c)*d:], o.left[(i%c)*d:]
	s := 0.0
	for j := range rk {
		q := j % c
		a := (rk[j]*fk - lk[j]) - (k.right[i*c+q] - k.both[(i%c)*c+q])
		b := (ro[j]*fo - lo[j]) - (o.right[i*c+q] - o.both[(i%c)*c+q])
		s += a * b
	}
	return s
}

// TargetAlignment is the kernel–target alignment of Cristianini et al. (NIPS
// 2001), not centred: the similarity of the kernel and the label kernel of the
// targets,
//
//	⟨K, y yᵀ⟩ / (‖K‖_F ‖y‖²),
//
// without forming y yᵀ. The targets are n × C, one row an example. For a
// kernel of nC rows they are flattened in example-major order; a kernel of n
// rows is shared by the C targets, and Y Yᵀ takes the place of y yᵀ. For the
// centred form use CKA with Label.
//
// A NaN or infinite entry, a zero kernel or zero targets are errors, and so are a
// kernel that is not square and a y with another number of rows.
func TargetAlignment(k, y mat.Matrix) (float64, error) {
	dk := dense(k)
	if dk.Rows != dk.Cols {
		return 0, fmt.Errorf("kernel: target alignment of a %d × %d matrix: it must be square", dk.Rows, dk.Cols)
	}
	var dy blas64.General
	var err error
	if g, ok := k.(*Gram); ok {
		dy, err = gramTargets("y", y, g.n, g.outputs)
	} else {
		dy, err = flattenTargets("y", y, dk.Rows)
	}
	if err != nil {
		return 0, err
	}
	sk, err := scaleOf("the kernel", dk)
	if err != nil {
		return 0, err
	}
	sy, err := scaleOf("the targets", dy)
	if err != nil {
		return 0, err
	}
	// Yᵀ as rows, so that yᵀ K y reads K once.
	m, n := dy.Cols, dy.Rows
	yt := linalg.New(m, n)
	linalg.Transpose(yt, dy)
	for i := range yt.Data {
		yt.Data[i] /= sy
	}
	ky := sumRows(n, n*m, func(i int) float64 {
		r, s := row(dk, i), 0.0
		for c := 0; c < m; c++ {
			s += dot(r, row(yt, c)) * (yt.Data[c*n+i] / sk)
		}
		return s
	})
	yy := 0.0 // ‖Y Yᵀ‖² = ‖Yᵀ Y‖²
	for a := 0; a < m; a++ {
		for b := 0; b < m; b++ {
			v := dot(row(yt, a), row(yt, b))
			yy += v * v
		}
	}
	return cosine(ky, inner(dk, dk, sk, sk), yy), nil
}

// Label is the label kernel g gᵀ of outputs g (n × C, flattened in
// example-major order): the rank-one part that Theorem 1 adds to the kernel,
// and K_ŷ of the paper's figure 1 for g = f − f₀. It has n examples and C
// outputs.
//
// A NaN or infinite entry, an empty g, or a matrix beyond the memory budget is an
// error.
func Label(g mat.Matrix) (*Gram, error) {
	n, c := g.Dims()
	d := n * c
	if d == 0 {
		return nil, fmt.Errorf("kernel: the label kernel of a %d × %d matrix: there are no outputs", n, c)
	}
	if err := budget.Check(fmt.Sprintf("kernel: the label kernel of %d × %d", d, d), 8*int64(d)*int64(d), 0, "take fewer examples"); err != nil {
		return nil, err
	}
	v, err := flattenTargets("g", g, d)
	if err != nil {
		return nil, err
	}
	if v.Stride != 1 {
		flat := linalg.New(d, 1)
		for i := range flat.Data {
			flat.Data[i] = v.Data[i*v.Stride]
		}
		v = flat
	}
	if err := finite("the outputs", v); err != nil {
		return nil, err
	}
	data := make([]float64, d*d)
	for i := 0; i < d; i++ {
		for j := 0; j < d; j++ {
			data[i*d+j] = v.Data[i] * v.Data[j]
		}
	}
	return NewGram(n, c, data), nil
}
