package atf

import (
	"fmt"
	"time"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/solver"
)

// Solve solves the problem: eq. (5), min over β of Ω̃(β) subject to
// ŷ = ∇f_0(X)ᵀβ, or with the loss in place of the constraint, and from β the
// transformation M of eq. (4) and the adapted kernel of eq. (7).
//
// The method is the alternation of section 7 accelerated by a limited-memory
// BFGS method; every step lowers the objective. Where the effective penalty is
// not convex the result is a stationary point, and the start decides which one.
// Small problems of that kind, of at most 50,000 equations × coefficients, are
// solved from about a dozen starts, always the same: M = I; under a
// classification loss the solutions of the squared loss and of M = I; each part
// of M outweighing the others; random mixtures. The best end is the solution,
// Certificates.Starts has them all, and String tells their spread. Restarts sets
// the number of starts instead; WarmStart, Continuation and Alternation mean
// one start too.
//
// Penalties with their minimum at 0, such as penalty.Nuclear, are solved
// through a sequence of smoothed problems.
//
// Errors: whatever the setters refused; targets missing, NaN or infinite
// numbers; *InfeasibleError; *SingularError; *IndefiniteError; *MemoryError. With
// *LimitError, *StalledError or the context's error the solution is not nil: it
// is the best point found, with its certificates.
func (p *Problem) Solve() (*Solution, error) {
	began := time.Now()
	report := newReports(p.set.progress)
	sys, err := p.assembleReporting(report.phase)
	if err != nil {
		return nil, err
	}
	opt := solver.Options{
		Tolerance: p.set.tol, MaxIterations: p.set.maxIter, Restarts: p.set.restarts, Seed: p.set.seed,
		PathFrom: p.set.lambdaFrom, PathSteps: p.set.lambdaSteps, Alternation: p.set.alternate, Context: p.set.ctx,
	}
	if w := p.set.warm; w != nil {
		if len(w.coef) != sys.size || w.problem.layered && w.problem.homogeneous != p.homogeneous {
			return nil, fmt.Errorf("atf: warm start from a solution with %d coefficients, the problem has %d: it must be of a problem with the same parameters", len(w.coef), sys.size)
		}
		opt.Warm = w.coef
	}
	opt.Report, opt.Phase = report.step, report.phase
	defer report.end()
	r, early := solver.Solve(sys.solver(p), opt)
	if r == nil {
		return nil, early
	}
	report.phase("solution", 0, 1)
	s, err := p.solution(sys, r)
	if err != nil {
		return nil, err
	}
	s.Elapsed = time.Since(began)
	report.last.Done, report.last.Value = s.Iterations, s.Stationarity
	return s, early
}

// solver is the system without what the user calls its parts by.
func (s *system) solver(p *Problem) *solver.System {
	out := &solver.System{Outputs: s.c, Rows: s.rows, Blocks: blocks(s.sources)}
	for _, sp := range s.pieces {
		out.Parts = append(out.Parts, solver.Span{Part: sp.Part, Name: sp.label, Lo: sp.lo, Hi: sp.hi})
	}
	switch p.loss {
	case lossInterpolation:
		out.Loss = solver.Interpolation(s.yhat)
	case lossSquared:
		out.Loss = solver.Squared(s.yhat, p.rho)
	case lossLogistic:
		out.Loss = solver.Logistic(s.y, s.f0, p.rho)
	case lossSoftmax:
		out.Loss = solver.Softmax(s.y, s.f0, s.c, p.rho)
	}
	return out
}

func blocks(sources []placed) []feature.Block {
	out := make([]feature.Block, len(sources))
	for i, s := range sources {
		out[i] = s.Block
	}
	return out
}

// solution dresses the solver's result.
func (p *Problem) solution(sys *system, r *solver.Result) (*Solution, error) {
	s := &Solution{
		Multiplier: r.Multiplier,
		Fit:        mat.NewDense(sys.rows/sys.c, sys.c, r.Fit),
		problem:    p, coef: r.Beta, inputs: keep(sys),
	}
	s.Certificates = Certificates{
		Objective: r.Objective, Interpolation: misfit(r.Fit, sys.yhat), Stationarity: r.Stationarity, Gap: r.Gap,
		Iterations: r.Iterations, Starts: r.Starts, Stopped: r.Stopped(),
	}
	return s, s.describe(sys)
}

func misfit(g, yhat []float64) float64 {
	d := floats.Distance(g, yhat, 2)
	if n := floats.Norm(yhat, 2); n > 0 {
		return d / n
	}
	return d
}

// describe fills in β, θ and the parts.
func (s *Solution) describe(sys *system) error {
	theta := make([]float64, sys.size)
	for _, sp := range sys.pieces {
		beta := s.coef[sp.from:sp.to]
		d, err := sp.Describe(beta)
		if err != nil {
			return fmt.Errorf("atf: %s: %w", sp.label, err)
		}
		copy(theta[sp.from:sp.to], d.Theta)
		part := Part{Layer: sp.layer, Structure: sp.label, Omega: d.Omega, Effective: d.Effective, Norms: d.Norms, Scales: d.Scales}
		if d.Matrix {
			at := sys.sources[sp.lo]
			part.Beta = mat.NewDense(at.out, at.in, append([]float64(nil), beta...))
			part.SingularValues, part.A, part.B = d.SingularValues, LowRank(d.A), LowRank(d.B)
		}
		s.Parts = append(s.Parts, part)
	}
	if s.problem.gram == nil {
		s.Beta, s.Theta = s.problem.user(s.coef), s.problem.user(theta)
	}
	return nil
}
