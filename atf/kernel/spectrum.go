package kernel

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Spectrum holds eigenvalues of a Gram matrix, all or the largest, with or
// without their eigenvectors. It is read only, and round-trips through
// encoding/gob.
type Spectrum struct {
	// N and Outputs are those of the Gram matrix.
	N, Outputs int
	// Values are the eigenvalues, largest first. Those of a positive
	// semidefinite kernel can come out slightly negative by rounding; they are
	// left so.
	Values []float64
	// Vectors holds the eigenvector of Values[j] in column j (nC rows); nil
	// when only values were asked for.
	Vectors *mat.Dense
	// Trace is the sum of all eigenvalues, whether in Values or not.
	Trace float64
	// SquaredNorm is the sum of the squares of all eigenvalues, ‖K‖_F².
	SquaredNorm float64
}

// Eigen is the full eigen-decomposition K = V diag(λ) Vᵀ.
//
// It takes one more matrix of nC × nC (two with OpenBLAS) and about 9 (nC)³
// operations, which in pure Go run slowly: nC = 500 takes half a second, 1500
// about 20. TopEigen gives the largest eigenvalues at a fraction of it.
//
// A NaN or infinite entry, a zero matrix, and a matrix beyond the memory
// budget are errors.
func Eigen(k *Gram) (*Spectrum, error) { return eigen(k, lapack.EVCompute) }

// EigenValues is the full list of eigenvalues without vectors, for about a
// third of the operations of Eigen or less, and the same errors.
func EigenValues(k *Gram) (*Spectrum, error) { return eigen(k, lapack.EVNone) }

func eigen(k *Gram, job lapack.EVJob) (*Spectrum, error) {
	s, err := newSpectrum(k)
	if err != nil {
		return nil, err
	}
	d := k.SymmetricDim()
	copies := int64(1)
	if linalg.Backend == "OpenBLAS" {
		copies = 2 // LAPACK's C interface transposes into a copy
	}
	if err := budget.Check(fmt.Sprintf("kernel: the eigen-decomposition of a %d × %d matrix", d, d), copies*8*int64(d)*int64(d), 0, "use TopEigen, or fewer examples"); err != nil {
		return nil, err
	}
	scale, err := scaleOf("the Gram matrix", k.RawMatrix())
	if err != nil {
		return nil, err
	}
	a := slices.Clone(k.data)
	if scale != 1 {
		for i := range a {
			a[i] /= scale
		}
	}
	sym := blas64.Symmetric{Uplo: blas.Upper, N: d, Stride: d, Data: a}
	s.Values = make([]float64, d)
	query := make([]float64, 1)
	lapack64.Syev(job, sym, s.Values, query, -1)
	work := make([]float64, max(int(query[0]), 3*d))
	if !lapack64.Syev(job, sym, s.Values, work, len(work)) {
		return nil, fmt.Errorf("kernel: the eigen-decomposition of the %d × %d Gram matrix did not converge", d, d)
	}
	slices.Reverse(s.Values)
	for i := range s.Values {
		s.Values[i] *= scale
	}
	if job == lapack.EVCompute {
		for i := 0; i < d; i++ {
			slices.Reverse(a[i*d : (i+1)*d])
		}
		s.Vectors = mat.NewDense(d, d, a)
		s.fixSigns()
	}
	return s, nil
}

// newSpectrum fills in what needs no decomposition, and checks the matrix.
func newSpectrum(k *Gram) (*Spectrum, error) {
	raw := k.RawMatrix()
	scale, err := scaleOf("the Gram matrix", raw)
	if err != nil {
		return nil, err
	}
	s := &Spectrum{N: k.n, Outputs: k.outputs, Trace: k.Trace()}
	s.SquaredNorm = inner(raw, raw, scale, scale) * scale * scale
	if math.IsInf(s.SquaredNorm, 0) || s.SquaredNorm == 0 || math.IsInf(s.Trace, 0) {
		return nil, fmt.Errorf("kernel: the squared entries of the Gram matrix leave the range of float64 (largest about %g): scale it first", scale)
	}
	return s, nil
}

// fixSigns makes the entry of largest magnitude of every eigenvector positive,
// so that the back ends agree where the eigenvalues are simple.
func (s *Spectrum) fixSigns() {
	v := s.Vectors.RawMatrix()
	best := make([]float64, v.Cols)
	for i := 0; i < v.Rows; i++ {
		for j, x := range row(v, i) {
			// A margin keeps entries that tie but for rounding with the first.
			if math.Abs(x) > math.Abs(best[j])*(1+1e-9) {
				best[j] = x
			}
		}
	}
	for i := 0; i < v.Rows; i++ {
		r := row(v, i)
		for j := range r {
			if best[j] < 0 {
				r[j] = -r[j]
			}
		}
	}
}

// Complete reports whether Values holds all nC eigenvalues.
func (s *Spectrum) Complete() bool { return len(s.Values) == s.N*s.Outputs }

// Normalized are the eigenvalues over the trace: shares of the variance of the
// features about zero. Those of a complete spectrum add up to one.
func (s *Spectrum) Normalized() []float64 {
	v := make([]float64, len(s.Values))
	for i, l := range s.Values {
		v[i] = l / s.Trace
	}
	return v
}

// ParticipationRatio is the effective rank (Σ λ)² / Σ λ²: d for d equal
// eigenvalues and zeros, 1 for a kernel of rank one. It is exact for a partial
// spectrum too.
func (s *Spectrum) ParticipationRatio() float64 {
	return s.Trace / s.SquaredNorm * s.Trace
}

// EntropyRank is the effective rank exp(−Σ p ln p) with p = λ/Σλ of Roy &
// Vetterli (EUSIPCO 2007). Eigenvalues that are negative by rounding (down to
// −nC·ε of the largest) count as zero. A partial spectrum is an error, a larger
// negative eigenvalue an *IndefiniteError.
func (s *Spectrum) EntropyRank() (float64, error) {
	if !s.Complete() {
		return 0, fmt.Errorf("kernel: the entropy rank needs all %d eigenvalues, and %d are known: use Eigen or EigenValues, or ParticipationRatio", s.N*s.Outputs, len(s.Values))
	}
	if err := s.semidefinite(); err != nil {
		return 0, err
	}
	return entropyRank(s.Values), nil
}

// semidefinite returns an *IndefiniteError when the smallest eigenvalue is below zero by
// more than rounding.
func (s *Spectrum) semidefinite() error {
	last := s.Values[len(s.Values)-1]
	if last < -s.roundoff() {
		return &IndefiniteError{Rows: s.N * s.Outputs, Smallest: last, Largest: s.Values[0]}
	}
	return nil
}

// roundoff is the size below which an eigenvalue is not told from zero.
func (s *Spectrum) roundoff() float64 {
	return float64(s.N*s.Outputs) * 0x1p-52 * math.Max(s.Values[0], -s.Values[len(s.Values)-1])
}

// TargetShares says how well the leading eigenvectors carry the targets y
// (n × C): entry k−1 is the share of ‖y‖² that lies in the span of the top k
// eigenvectors, rising to 1 for a complete spectrum. Where the kernel has one
// output and y several columns, the kernel is shared by them.
//
// A spectrum without eigenvectors, a NaN or infinite target and targets that
// are zero everywhere are errors, and so is a y that does not fit the kernel.
func (s *Spectrum) TargetShares(y mat.Matrix) ([]float64, error) {
	if s.Vectors == nil {
		return nil, errors.New("kernel: the spectrum has no eigenvectors: use Eigen or TopEigen")
	}
	d, err := gramTargets("y", y, s.N, s.Outputs)
	if err != nil {
		return nil, err
	}
	scale, err := scaleOf("the targets", d)
	if err != nil {
		return nil, err
	}
	total := inner(d, d, scale, scale)
	p := s.project(d)
	shares := make([]float64, p.Rows)
	sum := 0.0
	for j := range shares {
		for _, v := range row(p, j) {
			sum += v / scale * (v / scale)
		}
		shares[j] = math.Min(sum/total, 1)
	}
	return shares, nil
}

// project is Vᵀ y.
func (s *Spectrum) project(y blas64.General) blas64.General {
	v := s.Vectors.RawMatrix()
	p := linalg.New(v.Cols, y.Cols)
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, v, y, 0, p)
	return p
}

// Fingerprint names the spectrum by its numbers.
func (s *Spectrum) Fingerprint() string {
	w := fingerprint.New("kernel.Spectrum/1").Int(s.N, s.Outputs).Float(s.Values...).Float(s.Trace, s.SquaredNorm)
	if s.Vectors == nil {
		return w.Matrix(nil).Sum()
	}
	return w.Matrix(s.Vectors).Sum()
}
