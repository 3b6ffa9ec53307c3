package atf

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// Certificates say how good a solution is, in numbers that can be checked
// without trusting the method.
type Certificates struct {
	// Objective is Ω̃(β) plus the loss, before the first and after every step
	// of the descent that won. It never rises. With smoothed penalties it is
	// that of the last smoothing, and at its end the objective itself.
	Objective []float64
	// Interpolation is ‖Gβ − ŷ‖ / ‖ŷ‖; with a loss it is the relative misfit
	// that the loss chose (for classification, against targets y − f₀).
	Interpolation float64
	// Stationarity is min_α ‖∇Ω̃(β) − Σ_i α_i G_i‖ / ‖∇Ω̃(β)‖, the relative
	// distance from the condition for a minimum. With a loss α = −∂L/∂g. For
	// penalties with their minimum at 0 it is the distance from the
	// subdifferential, where values below 1e-6 of ‖β‖ count as 0.
	Stationarity float64
	// Gap is the relative duality gap, (objective − dual value)/objective: no
	// solution can be better by more. NaN where the problem is not known to be
	// convex.
	Gap float64
	// Iterations counts the steps of all starts together.
	Iterations int
	// Starts are the objectives at the ends of the start M = I (or the warm
	// one) and of every other start, as Solve and Restarts say.
	Starts []float64
	// Elapsed is the wall time of Solve.
	Elapsed time.Duration
	// Stopped says why the winning descent ended.
	Stopped string
}

// Final is the last objective.
func (c Certificates) Final() float64 {
	if len(c.Objective) == 0 {
		return math.NaN()
	}
	return c.Objective[len(c.Objective)-1]
}

// Spread says in words what the starts tell of a problem that is not known to be
// convex: "not convex: best of 13 starts, spread 2.1 %", where the spread is
// that of their objectives, (largest − smallest)/smallest. It says "convex" for
// the others.
func (c Certificates) Spread() string {
	switch {
	case !math.IsNaN(c.Gap):
		return "convex"
	case len(c.Starts) < 2:
		return "not convex: one start"
	}
	least, most := slices.Min(c.Starts), slices.Max(c.Starts)
	if least == 0 {
		return fmt.Sprintf("not convex: best of %d starts, the worst %.3g", len(c.Starts), most)
	}
	return fmt.Sprintf("not convex: best of %d starts, spread %.2g %%", len(c.Starts), 100*(most-least)/math.Abs(least))
}

// Part is one independent part of the transformation M and what it does to its
// coefficients.
type Part struct {
	Layer     int    // the layer it belongs to, −1 for all parameters together
	Structure string // the structure with its penalties
	// Omega is Ω(M) of this part, the price of its transformation as eq. (4)
	// counts it: Σ_j ω_A(σ_j(A)) + ω_B(σ_j(B)) of a matrix, Σ_g ω(s_g) of groups,
	// 0 where M = I.
	Omega float64
	// Effective is Ω̃(β) of this part, the least of ‖θ‖² + Ω(M) over all M and θ
	// with Mθ = β, eq. (5): at a solution ‖θ‖² + Omega. The parts' sum is the
	// objective without the loss.
	Effective float64
	// Of a matrix (Theorem 2): Θ' = A Θ Bᵀ, its singular values in falling
	// order, and A = I + U diag(a−1) Uᵀ, B = I + V diag(b−1) Vᵀ. With
	// homogeneous biases Θ' has the bias as its last column.
	Beta           *mat.Dense
	SingularValues []float64
	A, B           LowRank
	// Of groups (Theorem 1, diagonal, blocks): ‖β_g‖ and s_g = η(‖β_g‖), with
	// M_g = I + (s_g − 1) β_gβ_gᵀ/‖β_g‖², without the I for a penalty with its
	// minimum at 0: M_g = s_g β_gβ_gᵀ/‖β_g‖².
	Norms, Scales []float64
}

// Solution is a solved problem: the coefficients, the transformation in
// factored form, predictions, the adapted kernel and certificates.
type Solution struct {
	// Beta is β = Mθ, in the layout of the network's parameters or of the
	// feature columns, zero where frozen. For a problem from a Gram matrix, which
	// has no coordinates, it is nil.
	Beta []float64
	// Theta is θ of eq. (4), with Mθ = β.
	Theta []float64
	// Multiplier is α (nC): ∇Ω̃(β) = Σ_i α_i G_i at a solution.
	Multiplier []float64
	// Fit is the fitted change of the outputs g = Gβ at the inputs, n × C.
	Fit *mat.Dense
	// Parts are the independent parts of M, in the order of the layers.
	Parts []Part
	Certificates

	problem *Problem
	coef    []float64 // β in the solver's own order
	inputs  *features // at the problem's own inputs
}

// Fingerprint names the solution by the problem it solves.
func (s *Solution) Fingerprint() string {
	return fingerprint.New("atf.Solution/1").String(s.problem.Fingerprint()).Sum()
}

// String says in one line how well the problem was solved. The time it took,
// which no two runs share, stands apart in Elapsed.
func (s *Solution) String() string {
	text := fmt.Sprintf("objective %.6g, interpolation residual %.1e, stationarity %.1e", s.Final(), s.Interpolation, s.Stationarity)
	if !math.IsNaN(s.Gap) {
		text += fmt.Sprintf(", duality gap %.1e", s.Gap)
	} else {
		text += ", " + s.Spread()
	}
	return text + fmt.Sprintf(", %d iterations (%s)", s.Iterations, s.Stopped)
}

func (r *runner) finish(began time.Time) (*Solution, error) {
	p, e, sys := r.problem, r.engine, r.engine.sys
	best := r.best
	if e.smoothed() {
		r.smoothTo(smallestShare, best.coef)
	}
	if err := e.settle(best.coef); err != nil {
		return nil, err
	}
	residual, alpha, err := e.stationarity()
	if err != nil {
		return nil, err
	}
	if e.smoothed() && e.kind == lossInterpolation {
		if alpha, err = r.subgradient(); err != nil {
			return nil, err
		}
	}
	if e.smoothed() {
		if residual, err = e.kinkStationarity(alpha); err != nil {
			return nil, err
		}
	}
	if k := e.omega + e.fit; !e.smoothed() && len(best.trace) > 0 && k < best.trace[len(best.trace)-1] {
		best.trace[len(best.trace)-1] = k // polishing moved by rounding only
	}
	s := &Solution{
		Multiplier: alpha,
		Fit:        mat.NewDense(sys.rows/sys.c, sys.c, append([]float64(nil), e.g...)),
		problem:    p, coef: best.coef, inputs: keep(sys),
	}
	s.Certificates = Certificates{
		Objective: best.trace, Interpolation: misfit(e.g, sys.yhat), Stationarity: residual,
		Iterations: r.iterations, Starts: r.ends, Stopped: best.stopped,
	}
	if s.Gap, err = r.gap(alpha); err != nil {
		return nil, err
	}
	if err := s.describe(sys); err != nil {
		return nil, err
	}
	s.Elapsed = time.Since(began)
	return s, nil
}

func misfit(g, yhat []float64) float64 {
	d := append([]float64(nil), g...)
	axpy(-1, yhat, d)
	if n := norm(yhat); n > 0 {
		return norm(d) / n
	}
	return norm(d)
}

// describe fills in β, θ and the parts.
func (s *Solution) describe(sys *system) error {
	theta := make([]float64, sys.size)
	for _, sp := range sys.pieces {
		coef := s.coef[sp.from:sp.to]
		part := Part{Layer: sp.layer, Structure: sp.label}
		switch pc := sp.piece.(type) {
		case *fixedPiece:
			part.Effective, _ = pc.measure(coef)
			copy(theta[sp.from:sp.to], coef)
		case *groupedPiece:
			pc.smooth(0)
			part.Norms, _ = pc.groupNorms(coef)
			part.Scales = make([]float64, len(part.Norms))
			_, rest := pc.groupNorms(coef)
			part.Effective = rest
			for g, v := range part.Norms {
				part.Scales[g] = 1 + pc.pen.Excess(v)
				part.Omega += pc.pen.Value(part.Scales[g])
				part.Effective += pc.pen.Effective(v)
			}
			at := 0
			for k, size := range pc.sizes {
				for i := at; i < at+size; i++ {
					theta[sp.from+i] = coef[i]
					if g := pc.group(k, i); g >= 0 && coef[i] != 0 {
						theta[sp.from+i] /= part.Scales[g]
					}
				}
				at += size
			}
		case *spectralPiece:
			u, sigma, v, err := thinSVD(pc.matrix(coef))
			if err != nil {
				return err
			}
			sideA, sideB := pc.pen.Sides()
			a, b := make([]float64, len(sigma)), make([]float64, len(sigma))
			for j, x := range sigma {
				a[j], b[j] = pc.pen.Split(x)
				part.Omega += sideA.Value(1+a[j]) + sideB.Value(1+b[j])
				part.Effective += pc.pen.Effective(x)
			}
			part.Beta = mat.NewDense(pc.out, pc.in, append([]float64(nil), coef...))
			part.SingularValues = sigma
			part.A, part.B = lowRank(u, a, sideA.Minimum()), lowRank(v, b, sideB.Minimum())
			// Θ = U diag(σ/(ab)) Vᵀ.
			for j, x := range sigma {
				if x == 0 {
					continue
				}
				x /= (1 + a[j]) * (1 + b[j])
				for o := range pc.out {
					for i := range pc.in {
						theta[sp.from+o*pc.in+i] += x * u.Data[o*u.Stride+j] * v.Data[i*v.Stride+j]
					}
				}
			}
		}
		s.Parts = append(s.Parts, part)
	}
	if s.problem.gram == nil {
		s.Beta, s.Theta = s.problem.user(s.coef), s.problem.user(theta)
	}
	return nil
}

// gap is the relative duality gap of the present point, NaN where the problem
// is not convex.
func (r *runner) gap(alpha []float64) (float64, error) {
	e := r.engine
	pieces := e.sys.pieces
	z := e.adjoint(alpha)
	objective, convex := e.fit, true
	var parts [][]float64
	for _, sp := range pieces {
		v, err := sp.values(e.beta[sp.from:sp.to])
		if err != nil {
			return 0, err
		}
		if !sp.penalty().ConvexEffective() {
			convex = false
		}
		objective += total(sp, v, e.beta[sp.from:sp.to])
		if v, err = sp.values(z[sp.from:sp.to]); err != nil {
			return 0, err
		}
		parts = append(parts, v)
	}
	if !convex && e.oneNorm() {
		// One group: the minimiser of ‖β‖, and ω̃ rises with it. The norm has
		// the dual bound ⟨α, ŷ⟩/‖Gᵀα‖.
		pen, v := pieces[0].penalty(), norm(e.beta)
		if v == 0 {
			return 0, nil
		}
		least := math.Max(0, math.Min(v, inner(alpha, e.sys.yhat)/norm(z)))
		return (pen.Effective(v) - pen.Effective(least)) / pen.Effective(v), nil
	}
	if !convex {
		return math.NaN(), nil
	}
	if objective == 0 {
		return 0, nil
	}
	dual := func(tau float64) float64 {
		d := e.loss.dual(alpha, tau)
		for i, sp := range pieces {
			pen := sp.penalty()
			for _, v := range parts[i] {
				c, finite := pen.Conjugate(tau * v)
				if !finite {
					return math.Inf(-1)
				}
				d -= c
			}
			if g, ok := sp.piece.(*groupedPiece); ok {
				_, rest := g.groupNorms(z[sp.from:sp.to])
				d -= tau * tau * rest / 4
			}
		}
		return d
	}
	return math.Max(0, objective-best(dual)) / math.Abs(objective), nil
}

// total is Ω̃ without smoothing.
func total(sp span, values, beta []float64) float64 {
	t := 0.0
	for _, v := range values {
		t += sp.penalty().Effective(v)
	}
	if g, ok := sp.piece.(*groupedPiece); ok {
		_, rest := g.groupNorms(beta)
		t += rest
	}
	return t
}

// best maximises the concave dual over the scale τ ∈ (0, 1] of the multiplier:
// scaling down brings it into the domain where it lies outside.
func best(dual func(tau float64) float64) float64 {
	lo, hi := 0.0, 1.0
	if v := dual(1); !math.IsInf(v, -1) {
		lo = 0.999
	} else {
		in := 0.0
		for range 60 { // the edge of the domain
			if mid := (in + hi) / 2; math.IsInf(dual(mid), -1) {
				hi = mid
			} else {
				in = mid
			}
		}
		hi = in
		lo = in * (1 - 1e-3)
	}
	top := math.Max(dual(hi), dual(lo))
	const golden = 0.6180339887498949
	a, b := lo, hi
	for range 60 {
		x, y := b-golden*(b-a), a+golden*(b-a)
		fx, fy := dual(x), dual(y)
		top = math.Max(top, math.Max(fx, fy))
		if fx > fy {
			b = y
		} else {
			a = x
		}
	}
	return top
}
