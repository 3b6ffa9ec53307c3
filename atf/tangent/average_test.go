package tangent

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// segment is a path to parameters far enough for features to change.
func segment(net *nn.Network) nn.Segment {
	theta := net.Params()
	for i := range theta {
		theta[i] += 0.6 * math.Sin(1+3*float64(i))
	}
	return nn.Segment{From: net, To: net.At(theta)}
}

// average is the plain mean of explicit features over the nodes.
func average(t *testing.T, seg nn.Segment, x mat.Matrix, rule Rule, n int) *mat.Dense {
	t.Helper()
	nodes, weights, err := rule.Nodes(n)
	if err != nil {
		t.Fatal(err)
	}
	var mean mat.Dense
	for i, at := range nodes {
		j := explicit(t, features(t, seg.At(at), x))
		j.Scale(weights[i], j)
		if i == 0 {
			mean.CloneFrom(j)
		} else {
			mean.Add(&mean, j)
		}
	}
	return &mean
}

func TestAverageEqualsExplicit(t *testing.T) {
	for name, net := range allNetworks(t) {
		x, z := gaussian(7, net.Inputs(), 1), gaussian(3, net.Inputs(), 2)
		seg := segment(net)
		for _, rule := range []Rule{Midpoint, Uniform, Trapezoid, GaussLegendre} {
			const nodes = 4
			a, err := Along(seg, x).Rule(rule).Nodes(nodes).Average()
			if err != nil {
				t.Fatal(err)
			}
			b, err := Along(seg, z).Rule(rule).Nodes(nodes).Average()
			if err != nil {
				t.Fatal(err)
			}
			ja, jb := average(t, seg, x, rule, nodes), average(t, seg, z, rule, nodes)
			within(t, name+" Explicit", explicit(t, a.Features), ja, 1e-12)
			var want, cross mat.Dense
			want.Mul(ja, ja.T())
			cross.Mul(ja, jb.T())
			k, err := a.Kernel()
			if err != nil {
				t.Fatal(err)
			}
			within(t, name+" Gram", k, &want, 1e-12)
			kc, err := a.CrossKernel(b.Features)
			if err != nil {
				t.Fatal(err)
			}
			within(t, name+" CrossKernel", kc, &cross, 1e-12)
			v, u := gaussian(net.NumParams(), 1, 9), gaussian(7, net.Outputs(), 8)
			var jv, ju mat.Dense
			jv.Mul(ja, v)
			within(t, name+" JVP", a.JVP(v.RawMatrix().Data), mat.NewDense(7, net.Outputs(), jv.RawMatrix().Data), 1e-12)
			ju.Mul(ja.T(), mat.NewDense(7*net.Outputs(), 1, u.RawMatrix().Data))
			within(t, name+" VJP", mat.NewDense(net.NumParams(), 1, a.VJP(u)), &ju, 1e-12)
		}
	}
}

func TestAverageDoesNotDependOnBlocks(t *testing.T) {
	net := build(t, nn.MLP(5, 30, 30, 2).Seed(5))
	a, err := Along(segment(net), gaussian(40, 5, 1)).Nodes(9).Average()
	if err != nil {
		t.Fatal(err)
	}
	want, err := a.Kernel()
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range []int{1, 13, 100} {
		got, err := a.Block(block).Kernel()
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, "average Gram", got, want)
	}
}

// Eq. (2) is exact: the residual falls to rounding for smooth networks, with
// the rule's order for the midpoint, and the tolerance is met where it is asked.
func TestResidual(t *testing.T) {
	x := gaussian(6, 5, 1)
	smooth := segment(build(t, nn.MLP(5, 8, 8, 2).Tanh().Seed(1)))
	a, err := Along(smooth, x).Rule(GaussLegendre).Nodes(24).Average()
	if err != nil || a.Residual > 1e-10 {
		t.Errorf("Gauss–Legendre with 24 nodes: residual %.3g, error %v", a.Residual, err)
	}
	var last float64
	for i, n := range []int{10, 20, 40} {
		a, err := Along(smooth, x).Nodes(n).Average()
		if err != nil {
			t.Fatal(err)
		}
		if ratio := last / a.Residual; i > 0 && (ratio < 3.4 || ratio > 4.6) {
			t.Errorf("midpoint residual falls by %.3g from %d to %d nodes, want about 4", ratio, n/2, n)
		}
		last = a.Residual
	}
	rough := segment(build(t, nn.MLP(5, 8, 8, 1).ReLU().Seed(1)))
	a, err = Along(rough, x).Nodes(4).Tolerance(2e-3).Average()
	if err != nil || a.Residual > 2e-3 || a.Nodes <= 4 {
		t.Errorf("tolerance 2e-3: residual %.3g with %d nodes, error %v", a.Residual, a.Nodes, err)
	}
	a, err = Along(rough, x).Nodes(4).MaxNodes(16).Tolerance(1e-9).Average()
	if err == nil || a == nil || a.Nodes != 16 {
		t.Errorf("unreachable tolerance: %v, %v", a, err)
	}
	still := nn.Segment{From: smooth.From, To: smooth.From}
	if a, err = Along(still, x).Average(); err != nil || a.Residual != 0 {
		t.Errorf("a segment of length 0: residual %v, error %v", a.Residual, err)
	}
}

// On a segment of length 0 the average is the kernel at the point.
func TestAverageOfAPoint(t *testing.T) {
	net := build(t, nn.MLP(5, 8, 8, 2).Seed(1))
	x := gaussian(6, 5, 1)
	a, err := Along(nn.Segment{From: net, To: net}, x).Average()
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Kernel()
	if err != nil {
		t.Fatal(err)
	}
	want, err := features(t, net, x).Kernel()
	if err != nil {
		t.Fatal(err)
	}
	within(t, "K̄ of a point", got, want, 1e-12)
}

func TestAverageErrors(t *testing.T) {
	net := build(t, nn.MLP(5, 8, 8, 2).Seed(1))
	seg, x := segment(net), gaussian(6, 5, 1)
	if _, err := Along(seg, x).Nodes(0).Average(); err == nil {
		t.Error("no nodes gave no error")
	}
	if _, err := Along(seg, x).Rule(Uniform).Nodes(1).Average(); err == nil || !strings.Contains(err.Error(), "at least 2") {
		t.Errorf("uniform rule with one node: %v", err)
	}
	if _, err := Along(seg, x).Rule(Rule(9)).Average(); err == nil {
		t.Error("an unknown rule gave no error")
	}
	if _, err := Along(seg, x).Tolerance(-1).Average(); err == nil {
		t.Error("a negative tolerance gave no error")
	}
	var tooBig *budget.Error
	if _, err := Along(seg, x).Memory(1000).Average(); !errors.As(err, &tooBig) {
		t.Errorf("beyond the budget: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var seen int
	_, err := Along(seg, x).Context(ctx).Progress(func(Report) {
		if seen++; seen == 3 {
			cancel()
		}
	}).Average()
	if !errors.Is(err, context.Canceled) || seen != 3 {
		t.Errorf("cancelled after node 3: %v after %d reports", err, seen)
	}
	other := nn.Segment{From: net, To: build(t, nn.MLP(5, 9, 2))}
	for name, end := range map[string]func() error{
		"Average": func() error { _, err := Along(other, x).Average(); return err },
		"Kernels": func() error { _, err := Along(other, x).Kernels(); return err },
	} {
		if err := end(); err == nil || !strings.Contains(err.Error(), "different architectures") {
			t.Errorf("%s between different architectures: %v", name, err)
		}
	}
}
