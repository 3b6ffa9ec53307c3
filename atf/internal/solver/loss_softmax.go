package solver

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

type softmax struct {
	y, f0 []float64
	c     int
	rho   float64
}

// Softmax is −Σ_i Σ_c y_ic log softmax(f_i)_c / ρ for f = f₀ + g with c outputs
// for each input and y one-hot or probabilities. A nil f0 stands for 0.
func Softmax(y, f0 []float64, c int, rho float64) Loss { return softmax{y, f0, c, rho} }

// CheckProbabilities says what is wrong with rows of targets that are no
// probabilities.
func CheckProbabilities(y *mat.Dense) error {
	n, _ := y.Dims()
	for i := range n {
		sum := 0.0
		for _, v := range y.RawRowView(i) {
			if v < 0 {
				return fmt.Errorf("atf: the softmax loss wants targets that are one-hot or probabilities; target %d has %v", i, v)
			}
			sum += v
		}
		if math.Abs(sum-1) > 1e-9 {
			return fmt.Errorf("atf: the softmax loss wants targets that sum to 1; target %d sums to %v", i, sum)
		}
	}
	return nil
}

type softmaxState struct {
	p, gradient []float64 // probabilities
	value       float64
	c           int
	rho         float64
}

func (l softmax) At(g []float64) LossState {
	s := &softmaxState{p: make([]float64, len(g)), gradient: make([]float64, len(g)), c: l.c, rho: l.rho}
	f := outputs(l.f0, g)
	for i := 0; i < len(g); i += l.c {
		row, p := f[i:i+l.c], s.p[i:i+l.c]
		top := math.Inf(-1)
		for _, v := range row {
			top = math.Max(top, v)
		}
		sum := 0.0
		for c, v := range row {
			p[c] = math.Exp(v - top)
			sum += p[c]
		}
		for c, v := range row {
			p[c] /= sum
			s.value -= l.y[i+c] * (v - top - math.Log(sum))
			s.gradient[i+c] = (p[c] - l.y[i+c]) / l.rho
		}
	}
	s.value /= l.rho
	return s
}

func (l softmax) Quadratic() ([]float64, bool) { return nil, false }
func (l softmax) Exact() bool                  { return false }
func (l softmax) Substitute() Loss             { return squared{difference(l.y, l.f0), l.rho} }

// Dual is the entropy of the probabilities that the multiplier stands for, less
// ⟨α, f₀⟩.
func (l softmax) Dual(alpha []float64) float64 {
	total := 0.0
	for i, a := range alpha {
		total += entropy(l.y[i] - a*l.rho)
		if l.f0 != nil {
			total -= a * l.f0[i] * l.rho
		}
	}
	return total / l.rho
}

func (s *softmaxState) Value() float64      { return s.value }
func (s *softmaxState) Gradient() []float64 { return s.gradient }
func (s *softmaxState) Ridge() float64      { return 2 }
func (s *softmaxState) Curved() bool        { return true }

// Root multiplies by R = (diag(√p) − p √pᵀ)/√ρ, for which
// R Rᵀ = (diag(p) − p pᵀ)/ρ since Σ p = 1.
func (s *softmaxState) Root(v []float64, transposed bool) {
	scale := 1 / math.Sqrt(s.rho)
	for i := 0; i < len(v); i += s.c {
		p, own := s.p[i:i+s.c], v[i:i+s.c]
		sum := 0.0
		for c, x := range own {
			if transposed {
				sum += p[c] * x
			} else {
				sum += math.Sqrt(p[c]) * x
			}
		}
		for c, x := range own {
			q := math.Sqrt(p[c])
			if transposed {
				own[c] = scale * q * (x - sum)
			} else {
				own[c] = scale * (q*x - p[c]*sum)
			}
		}
	}
}
