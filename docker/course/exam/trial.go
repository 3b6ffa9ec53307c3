package exam

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Caller calls the function under test, in whatever process it lives. Each of
// results points to where a result goes. Its errors say what went wrong there.
type Caller interface {
	Call(results []any, arguments ...any) error
}

// Trial is one run of a check against one submission.
type Trial struct {
	*rand.Rand // seeded by the round's seed, the part and the check
	caller     Caller
}

// NewTrial prepares a run. The same seed and names draw the same inputs.
func NewTrial(seed uint64, part, check string, caller Caller) *Trial {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q%q", part, check)
	return &Trial{Rand: rand.New(rand.NewPCG(seed, h.Sum64())), caller: caller}
}

// Call has the function under test called with the arguments and stores its
// results where results point:
//
//	var k *mat.Dense
//	if err := t.Call([]any{&k}, x, w); err != nil { return err }
//
// Types that differ from the part's signature, on either side, are an error of
// the check. A shape that is not the expected one is the check's to find, and
// so are nil results, NaN and Inf.
func (t *Trial) Call(results []any, arguments ...any) error {
	return t.caller.Call(results, arguments...)
}

// Normals draws n standard normal numbers.
func (t *Trial) Normals(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = t.NormFloat64()
	}
	return x
}

// Matrix draws r × c standard normal numbers.
func (t *Trial) Matrix(r, c int) *mat.Dense { return mat.NewDense(r, c, t.Normals(r*c)) }

// Uniform draws a number from [from, to).
func (t *Trial) Uniform(from, to float64) float64 { return from + (to-from)*t.Float64() }

// Near is nil when |got − want| ≤ tolerance·max(1, |want|). Equal infinities and
// two NaN are near.
func Near(what string, got, want, tolerance float64) error {
	if got == want || math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= tolerance*max(1, math.Abs(want)) {
		return nil
	}
	return Wrong("%s: %v, want %v ± %v", what, got, want, tolerance)
}

// NearAll is nil when both slices have one length and all their entries are near
// relative to the largest wanted one.
func NearAll(what string, got, want []float64, tolerance float64) error {
	if len(got) != len(want) {
		return Wrong("%s: %d numbers, want %d", what, len(got), len(want))
	}
	scale := 1.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	for i := range want {
		if !(got[i] == want[i] || math.Abs(got[i]-want[i]) <= tolerance*scale) {
			return Wrong("%s: number %d is %v, want %v ± %v", what, i, got[i], want[i], tolerance*scale)
		}
	}
	return nil
}

// Shape is nil when a matrix is there and is rows × columns.
func Shape(what string, m *mat.Dense, rows, columns int) error {
	if m == nil || m.IsEmpty() {
		return Wrong("%s: no matrix, want %d × %d", what, rows, columns)
	}
	if r, c := m.Dims(); r != rows || c != columns {
		return Wrong("%s: %d × %d, want %d × %d", what, r, c, rows, columns)
	}
	return nil
}

// NearMatrix is nil when the shapes agree and all entries are near relative to
// the largest wanted one.
func NearMatrix(what string, got, want *mat.Dense, tolerance float64) error {
	r, c := want.Dims()
	if err := Shape(what, got, r, c); err != nil {
		return err
	}
	return NearAll(what, Entries(got), Entries(want), tolerance)
}

// Symmetric is nil when m is square and equals its transpose.
func Symmetric(what string, m *mat.Dense, tolerance float64) error {
	if m == nil || m.IsEmpty() {
		return Wrong("%s: no matrix", what)
	}
	r, c := m.Dims()
	if r != c {
		return Wrong("%s: %d × %d is not square", what, r, c)
	}
	return NearMatrix(what+" against its transpose", m, mat.DenseCopyOf(m.T()), tolerance)
}

// PositiveSemidefinite is nil when m is symmetric with no eigenvalue below
// −tolerance times the largest.
func PositiveSemidefinite(what string, m *mat.Dense, tolerance float64) error {
	if err := Symmetric(what, m, tolerance); err != nil {
		return err
	}
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(s, false) {
		return Wrong("%s: its eigenvalues cannot be computed", what)
	}
	values := eig.Values(nil)
	if least, most := values[0], values[n-1]; !(least >= -tolerance*max(1, most)) {
		return Wrong("%s: its least eigenvalue is %v", what, least)
	}
	return nil
}

// GradientOf is nil when gradient is near the central differences of f at x,
// with a tolerance for the error of the differences.
func GradientOf(what string, f func(x []float64) (float64, error), x, gradient []float64, step, tolerance float64) error {
	differences := make([]float64, len(x))
	at := append([]float64(nil), x...)
	for i := range x {
		at[i] = x[i] + step
		up, err := f(at)
		if err != nil {
			return err
		}
		at[i] = x[i] - step
		down, err := f(at)
		if err != nil {
			return err
		}
		at[i] = x[i]
		differences[i] = (up - down) / (2 * step)
	}
	return NearAll(what+" against differences", gradient, differences, tolerance)
}

// Entries are those of a matrix, row by row.
func Entries(m *mat.Dense) []float64 {
	r, c := m.Dims()
	all := make([]float64, 0, r*c)
	for i := range r {
		all = append(all, m.RawRowView(i)...)
	}
	return all
}
