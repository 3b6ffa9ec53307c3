package tangent

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Path describes how tangent features are averaged along a segment. Make it
// with Along, set it up by its methods, and end with Average. Each setter
// returns a changed copy.
type Path struct {
	seg      nn.Segment
	x        mat.Matrix
	rule     Rule
	nodes    int
	maxNodes int
	tol      float64
	set      Settings
}

// Along averages the tangent features of seg's network over the segment from
// seg.From to seg.To, at the rows of x (n × d). The default is 50 nodes of the
// Midpoint rule.
func Along(seg nn.Segment, x mat.Matrix) *Path {
	return &Path{seg: seg, x: x, rule: Midpoint, nodes: 50, maxNodes: 1600}
}

// Rule chooses the quadrature rule. Default: Midpoint.
func (p Path) Rule(r Rule) *Path { p.rule = r; return &p }

// Nodes chooses the number of nodes T; with a tolerance it is where the search
// begins. Default: 50.
func (p Path) Nodes(n int) *Path { p.nodes = n; return &p }

// Tolerance doubles the number of nodes until the residual of eq. (2) is at
// most tol. Default, 0: the number of nodes stays as it is.
func (p Path) Tolerance(tol float64) *Path { p.tol = tol; return &p }

// MaxNodes bounds the search that Tolerance starts. Default: 1600.
func (p Path) MaxNodes(n int) *Path { p.maxNodes = n; return &p }

// Memory sets the budget in bytes in place of the one of the process.
func (p Path) Memory(bytes int64) *Path { p.set.Memory = bytes; return &p }

// Context lets the sweep over the nodes be interrupted.
func (p Path) Context(ctx context.Context) *Path { p.set.Context = ctx; return &p }

// Progress has every finished node reported.
func (p Path) Progress(f Progress) *Path { p.set.Progress = f; return &p }

// Average are the average tangent features ∇̄f(x) = ∫₀¹ ∇f_θ(t)(x) dt of eq. (2),
// by quadrature. Its Gram is the kernel K̄, its JVP of θ − θ0 the change of the
// output up to Residual.
type Average struct {
	*Features
	// Rule and Nodes are the quadrature that was used.
	Rule  Rule
	Nodes int
	// Residual is ‖f_θ − f_θ0 − ∇̄fᵀ(θ−θ0)‖ / ‖f_θ − f_θ0‖ over all inputs and
	// outputs: how far the quadrature is from the exact eq. (2). It is 0 when
	// the two ends give the same outputs and so does the average.
	Residual float64
}

// Average runs over the nodes and keeps the factors of each.
//
// Errors: two ends of different architectures, an x with the wrong number of
// columns, a bad rule or number of nodes, entries of x that are not finite, a
// request beyond the memory budget (the factors take about T·n·Σ(in + C·out)
// numbers), the context's error, or a tolerance not reached within MaxNodes; the
// last comes with the average of the most nodes tried.
func (p *Path) Average() (*Average, error) {
	if p.tol < 0 || math.IsNaN(p.tol) {
		return nil, fmt.Errorf("tangent: tolerance %v for the residual of eq. (2): it must be 0 (off) or positive", p.tol)
	}
	if err := checkEnds(p.seg); err != nil {
		return nil, err
	}
	x, err := inputs(p.seg.From, p.x)
	if err != nil {
		return nil, err
	}
	var last *Average
	for n := p.nodes; ; n *= 2 {
		a, err := p.average(x, n)
		if err != nil {
			return last, err
		}
		if last = a; p.tol == 0 || a.Residual <= p.tol {
			return a, nil
		}
		if 2*n > p.maxNodes {
			return a, fmt.Errorf("tangent: residual %.3g of eq. (2) with %d nodes of the %v rule is above the tolerance %.3g: allow more nodes by MaxNodes, or ask for less", a.Residual, n, p.rule, p.tol)
		}
	}
}

func checkEnds(seg nn.Segment) error {
	if !seg.From.SameArchitecture(seg.To) {
		return fmt.Errorf("tangent: a segment between different architectures: %v and %v", seg.From, seg.To)
	}
	return nil
}

func (p *Path) average(x blas64.General, n int) (*Average, error) {
	nodes, weights, err := p.rule.Nodes(n)
	if err != nil {
		return nil, err
	}
	f := shell(p.seg.From, x, weights, p.set)
	what := fmt.Sprintf("tangent: the average features of %d inputs over %d nodes", f.n, n)
	if err := budget.Check(what, f.factorBytes(), p.set.Memory, "take fewer inputs or fewer nodes"); err != nil {
		return nil, err
	}
	f.allocate(x)
	// Along a segment the first pre-activation moves on a straight line: two
	// products with the inputs, the widest there are, stand for all nodes.
	start, end := firstPreActivation(p.seg.From, x), firstPreActivation(p.seg.To, x)
	first := linalg.New(start.Rows, start.Cols)
	for t, at := range nodes {
		for i, v := range start.Data {
			first.Data[i] = (1-at)*v + at*end.Data[i]
		}
		if err := f.fill(t, p.seg.At(at), x, &first); err != nil {
			return nil, fmt.Errorf("tangent: average interrupted at node %d of %d: %w", t+1, n, err)
		}
		p.set.Progress.Send(progress.Report{Task: "average features", Done: t + 1, Total: n})
	}
	f.finish()
	return &Average{Features: f, Rule: p.rule, Nodes: n, Residual: residual(f, p.seg, x)}, nil
}

func firstPreActivation(net *nn.Network, x blas64.General) blas64.General {
	a := linalg.New(x.Rows, net.Layers()[0].Out)
	pass := nn.NewPass(net)
	size := net.BatchRows(batch)
	for lo := 0; lo < x.Rows; lo += size {
		hi := min(lo+size, x.Rows)
		pass.Forward(net, linalg.Rows(x, lo, hi))
		copyRows(linalg.Rows(a, lo, hi), pass.PreActivation(0))
	}
	return a
}

// residual checks eq. (2) with biases included, whatever the products leave out.
func residual(f *Features, seg nn.Segment, x blas64.General) float64 {
	step := seg.To.Params()
	for i, v := range seg.From.Params() {
		step[i] -= v
	}
	xm := mat.NewDense(x.Rows, x.Cols, nil)
	xm.SetRawMatrix(x)
	var change, rest mat.Dense
	change.Sub(seg.To.Predict(xm), seg.From.Predict(xm))
	rest.Sub(&change, f.JVP(step))
	r, c := mat.Norm(&rest, 2), mat.Norm(&change, 2)
	if r == 0 {
		return 0
	}
	return r / c
}
