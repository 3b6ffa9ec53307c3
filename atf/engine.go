package atf

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// engine minimises Ω̃(β) + L(Gβ), the effective problem of eq. (5) with the
// loss in place of the exact fit where one is set.
//
// Its step is the alternation of section 7: at β the weights W(β) give a
// quadratic above Ω̃ that touches it, and minimising that needs one solve with
// K_W = G W Gᵀ. On its own this converges linearly and slowly. The engine
// therefore takes the quadratic's inverse Hessian, restricted to the
// interpolating directions, as the initial matrix of a limited-memory BFGS
// method, and searches along the direction until the objective falls: every
// step descends, and far from the solution a step is the alternation's own.
type engine struct {
	sys  *system
	loss *loss
	kind lossKind
	rho  float64

	fixedGram blas64.General   // of all pieces that never change
	gram      []float64        // K_W and its work space
	reference *kernel.Factor   // of K_0, for the stationarity residual
	factor    *kernel.Factor   // of K_W
	weight    []feature.Weight // by source

	beta, grad, g []float64
	along         []float64 // grad less Gᵀα, near the end of an interpolation
	omega, fit    float64   // Ω̃ and L at beta
	omegaSize     float64   // ‖∇Ω̃‖ there
	lossSize      float64   // ‖Gᵀ∂L/∂g‖ there
	scratch       feature.Scratch
	memory        memory
	plain         bool // plain alternation
	curved        bool // weights near the Hessian's, in place of a majoriser's
	trace         []float64
	flat          float64 // a relative fall of the objective that no longer counts
}

func newEngine(p *Problem, s *system) (*engine, error) {
	e := &engine{sys: s, loss: newLoss(p, s), flat: rounding, kind: p.loss, rho: p.rho, weight: make([]feature.Weight, len(s.sources))}
	e.beta, e.grad, e.g = make([]float64, s.size), make([]float64, s.size), make([]float64, s.rows)
	e.fixedGram = linalg.New(s.rows, s.rows)
	e.gram = make([]float64, s.rows*s.rows)
	for _, sp := range s.pieces {
		if sp.fixed() {
			for _, src := range s.sources[sp.lo:sp.hi] {
				src.Gram(feature.Scalar(1), e.fixedGram, &e.scratch)
			}
		}
		sp.start()
	}
	if e.kind != lossInterpolation {
		return e, nil
	}
	k := kernel.NewGram(s.rows/s.c, s.c, append([]float64(nil), e.weighted().Data...))
	var err error
	if e.reference, err = kernel.Factorize(k, 0); err != nil {
		return nil, e.singular(k, err)
	}
	return e, nil
}

// singular says whether a singular Gram matrix means targets that cannot be
// fitted.
func (e *engine) singular(k *kernel.Gram, err error) error {
	var s *kernel.SingularError
	if !errors.As(err, &s) {
		return err
	}
	if miss := e.outOfReach(k); miss > 1e-6 {
		return &InfeasibleError{Equations: e.sys.rows, Features: e.sys.size, Miss: miss, Twins: s.Twins, Cause: err}
	}
	return fmt.Errorf("atf: the targets cannot be interpolated stably, set Ridge or take fewer inputs: %w", err)
}

// outOfReach is the share of the targets outside the range of k, by norm; 0
// where that cannot be told.
func (e *engine) outOfReach(k *kernel.Gram) float64 {
	y := mat.NewDense(e.sys.rows/e.sys.c, e.sys.c, e.sys.yhat)
	size := mat.Norm(y, 2)
	if size == 0 {
		return 0
	}
	if k.Trace() == 0 {
		return 1
	}
	reg, err := kernel.PseudoInverse(k, y, 1e-10)
	if err != nil {
		return 0
	}
	return reg.Residual
}

// weighted writes K_W for the present weights of the pieces.
func (e *engine) weighted() blas64.General {
	k := blas64.General{Rows: e.sys.rows, Cols: e.sys.rows, Stride: e.sys.rows, Data: e.gram}
	copy(k.Data, e.fixedGram.Data)
	for _, sp := range e.sys.pieces {
		ws := sp.weights()
		if sm, ok := sp.piece.(*spectralPiece); ok && e.curved {
			ws = sm.curvature(e.beta[sp.from:sp.to])
		}
		for i, w := range ws {
			e.weight[sp.lo+i] = w
			if !sp.fixed() {
				e.sys.sources[sp.lo+i].Gram(w, k, &e.scratch)
			}
		}
	}
	linalg.MirrorUpper(k)
	return k
}

// prepare factors the step's system: K_W + ρI, or I + RᵀK_W R/2 for a
// classification loss with Hessian R Rᵀ.
func (e *engine) prepare() error {
	return e.factorize(e.weighted())
}

func (e *engine) factorize(k blas64.General) error {
	ridge := 0.0
	switch {
	case e.kind == lossSquared:
		ridge = e.rho
	case e.kind.classification():
		ridge = 2
		for range 2 { // Rᵀ(RᵀK)ᵀ
			for i := range k.Rows {
				e.loss.root(k.Data[i*k.Stride:i*k.Stride+k.Cols], true)
			}
			transposeInPlace(k)
		}
	}
	var err error
	e.factor, err = kernel.Factorize(kernel.NewGram(k.Rows/e.sys.c, e.sys.c, k.Data), ridge)
	if err != nil {
		return fmt.Errorf("atf: the weighted Gram matrix of a step: %w", err)
	}
	return nil
}

func transposeInPlace(k blas64.General) {
	for i := range k.Rows {
		for j := range i {
			a, b := i*k.Stride+j, j*k.Stride+i
			k.Data[a], k.Data[b] = k.Data[b], k.Data[a]
		}
	}
}

// apply is Gβ.
func (e *engine) apply(beta []float64) []float64 {
	g := make([]float64, e.sys.rows)
	for _, s := range e.sys.sources {
		s.Apply(beta[s.from:s.from+s.count], g)
	}
	return g
}

// adjoint is Gᵀα.
func (e *engine) adjoint(alpha []float64) []float64 {
	b := make([]float64, e.sys.size)
	for _, s := range e.sys.sources {
		s.Adjoint(alpha, b[s.from:s.from+s.count])
	}
	return b
}

// reweigh overwrites q by W q.
func (e *engine) reweigh(q []float64) {
	for i, s := range e.sys.sources {
		out, in := s.Shape()
		e.weight[i].Mul(q[s.from:s.from+s.count], out, in, &e.scratch)
	}
}

func solveVector(f *kernel.Factor, v []float64) ([]float64, error) {
	x, err := f.Solve(mat.NewDense(len(v), 1, v))
	if err != nil {
		return nil, err
	}
	return x.RawMatrix().Data, nil
}

// lift is W Gᵀ(K_W)⁻¹r: the smallest change, measured by W, that moves the fit
// by r.
func (e *engine) lift(r []float64) ([]float64, error) {
	alpha, err := solveVector(e.factor, r)
	if err != nil {
		return nil, err
	}
	b := e.adjoint(alpha)
	e.reweigh(b)
	return b, nil
}

// precondition overwrites the gradient q by the inverse Hessian of the
// majoriser times q: ½(W − W Gᵀ(K_W + ρI)⁻¹G W) q, and likewise for
// classification. For interpolation the result moves no fitted value.
func (e *engine) precondition(q []float64) error {
	e.reweigh(q)
	r := e.apply(q)
	if e.kind.classification() {
		e.loss.root(r, true)
	}
	alpha, err := solveVector(e.factor, r)
	if err != nil {
		return err
	}
	if e.kind.classification() {
		e.loss.root(alpha, false)
	}
	back := e.adjoint(alpha)
	e.reweigh(back)
	for i, v := range back {
		q[i] = (q[i] - v) / 2
	}
	return nil
}

// measure evaluates the objective at beta, which the pieces then remember.
func (e *engine) measure(beta, g []float64) (omega, fit float64, err error) {
	for _, sp := range e.sys.pieces {
		v, err := sp.measure(beta[sp.from:sp.to])
		if err != nil {
			return 0, 0, fmt.Errorf("atf: %s: %w", sp.label, err)
		}
		omega += v
	}
	return omega, e.loss.at(g), nil
}

// gradient writes the gradient of the objective at the β measured last, which
// must be beta, and keeps the sizes of its two terms.
func (e *engine) gradient(beta, grad []float64) {
	e.along = nil
	for _, sp := range e.sys.pieces {
		sp.gradient(beta[sp.from:sp.to], grad[sp.from:sp.to])
	}
	e.omegaSize = norm(grad)
	if e.kind == lossInterpolation {
		return
	}
	image := e.adjoint(e.loss.gradient)
	e.lossSize = norm(image)
	axpy(1, image, grad)
}

// settle makes beta the present point.
func (e *engine) settle(beta []float64) error {
	e.beta = beta
	e.g = e.apply(beta)
	var err error
	if e.omega, e.fit, err = e.measure(beta, e.g); err != nil {
		return err
	}
	e.gradient(beta, e.grad)
	return nil
}

// begin sets the first point: β = 0 under a classification loss, else that of
// beginWith. From M = I that is ridgeless regression.
func (e *engine) begin() error {
	if !e.kind.classification() {
		return e.beginWith()
	}
	e.memory.forget()
	e.curved = false
	return e.settle(make([]float64, e.sys.size))
}

// beginWith makes the first point the best one for the weights the pieces have
// now: the minimiser of βᵀW⁻¹β plus the loss.
func (e *engine) beginWith() error {
	e.memory.forget()
	e.curved = false
	if e.kind.classification() {
		return e.alternateClassified(e.weighted())
	}
	if err := e.prepare(); err != nil {
		return err
	}
	beta, err := e.lift(e.sys.yhat)
	if err != nil {
		return err
	}
	return e.settle(beta)
}

// errStalled says that rounding, not the iteration limit, ended the descent.
var errStalled = errors.New("no further descent at working precision")

// run descends until the stationarity residual is at most tol.
func (e *engine) run(ctx context.Context, tol float64, limit int, report func(it int, residual float64)) (iterations int, err error) {
	for {
		r, _, err := e.stationarity()
		if err != nil {
			return iterations, err
		}
		e.trace = append(e.trace, e.omega+e.fit)
		report(iterations, r)
		if r <= tol {
			return iterations, nil
		}
		if iterations >= limit {
			return iterations, &LimitError{Iterations: iterations, Stationarity: r, Tolerance: tol}
		}
		if e.idle() {
			return iterations, errStalled
		}
		if err := ctx.Err(); err != nil {
			return iterations, fmt.Errorf("atf: solve interrupted after %d iterations: %w", iterations, err)
		}
		err = e.step()
		if errors.Is(err, errStalled) && e.sharpen() {
			if err = e.settle(e.beta); err == nil {
				err = e.step()
			}
		}
		if err != nil {
			return iterations, err
		}
		iterations++
	}
}

// sharpen has all further singular values computed by decompositions of the
// matrix itself, and says whether any were not. It costs time, and lowers the
// noise of the objective.
func (e *engine) sharpen() bool {
	changed := false
	for _, sp := range e.sys.pieces {
		if sm, ok := sp.piece.(*spectralPiece); ok && !sm.exact {
			sm.exact, changed = true, true
		}
	}
	return changed
}

// rounding is the relative fall of the objective that says nothing any more.
const rounding = 1e-15

// idle says that the last steps have lowered the objective by no more than the
// share that counts. Singular values on their way to 0 under a smoothed penalty
// would go on so for long.
func (e *engine) idle() bool {
	const steps = 25
	n := len(e.trace)
	return n > steps && e.trace[n-1-steps]-e.trace[n-1] <= e.flat*math.Abs(e.trace[n-1])
}

// polish takes rounding out of the interpolation: the smallest step back to
// Gβ = ŷ.
func (e *engine) polish() error {
	if e.kind != lossInterpolation {
		return nil
	}
	r := e.apply(e.beta)
	for i, v := range r {
		r[i] = e.sys.yhat[i] - v
	}
	if norm(r) <= 1e-15*norm(e.sys.yhat) {
		return nil
	}
	e.curved = false
	if err := e.prepare(); err != nil {
		return err
	}
	b, err := e.lift(r)
	if err != nil {
		return err
	}
	axpy(1, e.beta, b)
	return e.settle(b)
}
