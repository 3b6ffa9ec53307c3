package kernel

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Flow is the gradient flow of a linearised model with a fixed kernel on the
// loss ½‖f(X) − y‖², started where the change of the output is zero. With
// targets ŷ = y − f₀ the change of the output at time t is
//
//	at the training points  (I − e^{−tK}) ŷ
//	at new points           K(x, X) K⁻¹(I − e^{−tK}) ŷ
//
// (Lee et al., NeurIPS 2019, eqs. (8)–(11)). Gradient descent with a small rate
// η reaches time ηs after s steps; for the mean of the squared errors,
// ‖·‖²/n without the half, time 2ηs/n. The flow is defined for singular
// kernels too: what the kernel does not reach never moves. It is read only,
// and round-trips through encoding/gob.
type Flow struct {
	// Spectrum is the full decomposition of K.
	Spectrum *Spectrum
	// Target holds ŷ as the right-hand side of the kernel's system: nC × 1, or
	// n × C where a kernel of one output is shared.
	Target *mat.Dense
}

// NewFlow decomposes the kernel for the targets ŷ, n × C; see Eigen for cost.
// Beside its errors, a NaN or infinite target is one, so are targets that do not
// fit the kernel, and a kernel with a negative eigenvalue beyond rounding is an
// *IndefiniteError.
func NewFlow(k *Gram, targets mat.Matrix) (*Flow, error) {
	if _, err := gramTargets("the target matrix", targets, k.n, k.outputs); err != nil {
		return nil, err // before the work
	}
	s, err := Eigen(k)
	if err != nil {
		return nil, err
	}
	return s.Flow(targets)
}

// Flow is the gradient flow with the decomposed kernel, for the targets ŷ.
// A partial spectrum or one without vectors is an error; else as NewFlow.
func (s *Spectrum) Flow(targets mat.Matrix) (*Flow, error) {
	t, err := gramTargets("the target matrix", targets, s.N, s.Outputs)
	if err != nil {
		return nil, err
	}
	if !s.Complete() || s.Vectors == nil {
		return nil, errors.New("kernel: gradient flow needs all eigenvalues with their vectors: use Eigen")
	}
	if err := finite("the targets", t); err != nil {
		return nil, err
	}
	if err := s.semidefinite(); err != nil {
		return nil, err
	}
	own := linalg.New(t.Rows, t.Cols)
	for i := 0; i < t.Rows; i++ {
		copy(row(own, i), row(t, i))
	}
	return &Flow{Spectrum: s, Target: mat.NewDense(t.Rows, t.Cols, own.Data)}, nil
}

// Fitted is the change of the output at the training points at time t, n × C.
// Time is t ≥ 0, +Inf included (the projection of the targets on what the
// kernel reaches); a negative or NaN time is an error.
func (f *Flow) Fitted(t float64) (*mat.Dense, error) {
	if err := checkTime(t); err != nil {
		return nil, err
	}
	zero := f.Spectrum.roundoff()
	x := f.Spectrum.function(f.Target.RawMatrix(), func(l float64) float64 {
		if math.IsInf(t, 1) {
			if l <= zero {
				return 0
			}
			return 1
		}
		return -math.Expm1(-t * math.Max(l, 0))
	})
	return f.shape(x), nil
}

// At is the function at time t as a Regression, for predictions at new points.
// Its coefficients are α(t) = V diag((1 − e^{−tλ})/λ) Vᵀ ŷ, computed without
// dividing small numbers; t = +Inf gives the pseudo-inverse. A negative or NaN
// time is an error.
func (f *Flow) At(t float64) (*Regression, error) {
	if err := checkTime(t); err != nil {
		return nil, err
	}
	s := f.Spectrum
	zero, rank := s.roundoff(), 0
	y := f.Target.RawMatrix()
	x := s.function(y, func(l float64) float64 {
		if l > zero {
			rank++
		}
		switch {
		case math.IsInf(t, 1) && l <= zero:
			return 0
		case l <= 0 || t*l < 1e-300:
			return t // the limit for λ → 0
		}
		return -math.Expm1(-t*l) / l
	})
	r := &Regression{Method: "gradient flow", N: s.N, Outputs: s.Outputs, Targets: f.targets(),
		Alpha: mat.NewDense(x.Rows, x.Cols, x.Data), Time: t, Rank: rank, Condition: s.Values[0] / s.Values[rank-1]}
	// αᵀKα and the residual, in the eigenbasis.
	p, a := s.project(y), s.project(x)
	var rr, yy float64
	for i := range y.Data {
		yy += y.Data[i] * y.Data[i]
	}
	for j := 0; j < p.Rows; j++ {
		l := math.Max(s.Values[j], 0)
		for c, v := range row(p, j) {
			e := a.Data[j*a.Stride+c]
			r.SquaredNorm += l * e * e
			rr += (v - l*e) * (v - l*e)
		}
	}
	if yy > 0 {
		r.Residual = math.Sqrt(rr / yy)
	}
	return r, nil
}

// Loss is ½‖f(X) − y‖² at time t. A negative or NaN time is an error.
func (f *Flow) Loss(t float64) (float64, error) {
	if err := checkTime(t); err != nil {
		return 0, err
	}
	s := f.Spectrum
	zero := s.roundoff()
	p := s.project(f.Target.RawMatrix())
	loss := 0.0
	for j := 0; j < p.Rows; j++ {
		rest := 1.0
		if l := s.Values[j]; l > zero || !math.IsInf(t, 1) {
			rest = math.Exp(-t * math.Max(l, 0))
		}
		for _, v := range row(p, j) {
			loss += v * rest * v * rest / 2
		}
	}
	return loss, nil
}

func checkTime(t float64) error {
	if !(t >= 0) {
		return fmt.Errorf("kernel: gradient flow at time %g: time runs from 0 to +Inf", t)
	}
	return nil
}

// targets is the number of columns of a prediction.
func (f *Flow) targets() int {
	if f.Spectrum.Outputs == 1 {
		return f.Target.RawMatrix().Cols
	}
	return f.Spectrum.Outputs
}

func (f *Flow) shape(x blas64.General) *mat.Dense {
	return mat.NewDense(f.Spectrum.N, f.targets(), x.Data)
}

// Fingerprint names the flow by its numbers.
func (f *Flow) Fingerprint() string {
	return fingerprint.New("kernel.Flow/1").String(f.Spectrum.Fingerprint()).Matrix(f.Target).Sum()
}
