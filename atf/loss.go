package atf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

type lossKind int

const (
	lossInterpolation lossKind = iota
	lossSquared
	lossLogistic
	lossSoftmax
)

func (k lossKind) classification() bool { return k == lossLogistic || k == lossSoftmax }

func checkLabels(k lossKind, y *mat.Dense) error {
	n, _ := y.Dims()
	for i := range n {
		row := y.RawRowView(i)
		if k == lossLogistic {
			if row[0] != 1 && row[0] != -1 {
				return fmt.Errorf("atf: the logistic loss wants targets of ±1; target %d is %v", i, row[0])
			}
			continue
		}
		sum := 0.0
		for _, v := range row {
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

// A loss is L(g) for the fitted change g of the outputs (nC): 0 at g = ŷ and
// infinite elsewhere for interpolation, ‖ŷ − g‖²/ρ, or a classification loss
// of f₀ + g over ρ.
type loss struct {
	kind     lossKind
	rho      float64
	c        int
	yhat, y  []float64
	f0       []float64
	p        []float64 // probabilities at the last g
	gradient []float64 // ∂L/∂g at the last g
}

func newLoss(p *Problem, s *system) *loss {
	return &loss{kind: p.loss, rho: p.rho, c: s.c, yhat: s.yhat, y: s.y, f0: s.f0,
		p: make([]float64, s.rows), gradient: make([]float64, s.rows)}
}

// at evaluates L and its gradient.
func (l *loss) at(g []float64) float64 {
	total := 0.0
	switch l.kind {
	case lossInterpolation:
		return 0
	case lossSquared:
		for i, v := range g {
			d := v - l.yhat[i]
			total += d * d
			l.gradient[i] = 2 * d / l.rho
		}
		return total / l.rho
	case lossLogistic:
		for i := range g {
			m := -l.y[i] * l.output(g, i)
			total += softplus(m)
			l.p[i] = sigmoid(m) // probability of the wrong class
			l.gradient[i] = -l.y[i] * l.p[i] / l.rho
		}
		return total / l.rho
	}
	for i := 0; i < len(g); i += l.c {
		top := math.Inf(-1)
		for c := range l.c {
			top = math.Max(top, l.output(g, i+c))
		}
		sum := 0.0
		for c := range l.c {
			l.p[i+c] = math.Exp(l.output(g, i+c) - top)
			sum += l.p[i+c]
		}
		for c := range l.c {
			l.p[i+c] /= sum
			total -= l.y[i+c] * (l.output(g, i+c) - top - math.Log(sum))
			l.gradient[i+c] = (l.p[i+c] - l.y[i+c]) / l.rho
		}
	}
	return total / l.rho
}

func (l *loss) output(g []float64, i int) float64 {
	if l.f0 == nil {
		return g[i]
	}
	return l.f0[i] + g[i]
}

func softplus(x float64) float64 {
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// root multiplies by R, or by Rᵀ, where the Hessian of a classification loss
// at the last g is R Rᵀ with blocks of C × C.
func (l *loss) root(v []float64, transposed bool) {
	s := 1 / math.Sqrt(l.rho)
	if l.kind == lossLogistic {
		for i := range v {
			v[i] *= s * math.Sqrt(l.p[i]*(1-l.p[i]))
		}
		return
	}
	// diag(p) − p pᵀ = R Rᵀ with R = diag(√p) − p √pᵀ.
	for i := 0; i < len(v); i += l.c {
		sum := 0.0
		for c := range l.c {
			if transposed {
				sum += l.p[i+c] * v[i+c]
			} else {
				sum += math.Sqrt(l.p[i+c]) * v[i+c]
			}
		}
		for c := range l.c {
			q := math.Sqrt(l.p[i+c])
			if transposed {
				v[i+c] = s * q * (v[i+c] - sum)
			} else {
				v[i+c] = s * (q*v[i+c] - l.p[i+c]*sum)
			}
		}
	}
}

// multiplier is the dual variable that belongs to the last g: α = −∂L/∂g.
func (l *loss) multiplier(alpha []float64) {
	for i, v := range l.gradient {
		alpha[i] = -v
	}
}

// dual gives the part of the dual objective that comes from the loss, for the
// multiplier tau·alpha with alpha as multiplier gave it (or, for
// interpolation, any alpha): min over g of L(g) + ⟨tau·α, … − g⟩.
func (l *loss) dual(alpha []float64, tau float64) float64 {
	total := 0.0
	switch l.kind {
	case lossInterpolation:
		return tau * inner(alpha, l.yhat)
	case lossSquared:
		for i, a := range alpha {
			a *= tau
			total += a*l.yhat[i] - l.rho*a*a/4
		}
		return total
	case lossLogistic:
		for i, a := range alpha {
			q := tau * a * l.y[i] * l.rho // scaled probability of the wrong class
			total += entropy(q) + entropy(1-q)
			if l.f0 != nil {
				total -= tau * a * l.f0[i] * l.rho
			}
		}
		return total / l.rho
	}
	for i, a := range alpha {
		total += entropy(l.y[i] - tau*a*l.rho)
		if l.f0 != nil {
			total -= tau * a * l.f0[i] * l.rho
		}
	}
	return total / l.rho
}

func entropy(p float64) float64 {
	if p <= 0 {
		return 0
	}
	return -p * math.Log(p)
}
