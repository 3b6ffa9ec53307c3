package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/integrate/quad"
)

// Rule is a quadrature rule for the average ∫₀¹ ∇f_θ(t)(x) dt.
type Rule int

const (
	// Midpoint takes the middles of T equal parts with equal weights: error
	// O(1/T²) for smooth integrands, O(1/T) at worst where ReLU gradients jump.
	Midpoint Rule = iota
	// Uniform takes T equally spaced points from 0 to 1, both included, with
	// equal weights: what the paper's experiments use, with T = 50.
	Uniform
	// Trapezoid takes the points of Uniform, the two ends with half weight.
	Trapezoid
	// GaussLegendre takes T Gauss–Legendre nodes: the best for smooth
	// activations, no better than Midpoint for ReLU.
	GaussLegendre
)

// String names the rule.
func (r Rule) String() string {
	switch r {
	case Midpoint:
		return "midpoint"
	case Uniform:
		return "uniform"
	case Trapezoid:
		return "trapezoid"
	case GaussLegendre:
		return "Gauss–Legendre"
	}
	return fmt.Sprintf("Rule(%d)", int(r))
}

// Nodes gives the n nodes in [0, 1] and their weights, which sum to 1. The
// error reports an unknown rule, fewer than one node, or fewer than two for a
// rule that uses both ends.
func (r Rule) Nodes(n int) (nodes, weights []float64, err error) {
	least := 1
	if r == Uniform || r == Trapezoid {
		least = 2
	}
	if n < least {
		return nil, nil, fmt.Errorf("tangent: the %v rule needs at least %d nodes, got %d", r, least, n)
	}
	nodes, weights = make([]float64, n), make([]float64, n)
	switch r {
	case Midpoint:
		for i := range nodes {
			nodes[i], weights[i] = (float64(i)+0.5)/float64(n), 1/float64(n)
		}
	case Uniform:
		for i := range nodes {
			nodes[i], weights[i] = float64(i)/float64(n-1), 1/float64(n)
		}
	case Trapezoid:
		for i := range nodes {
			nodes[i], weights[i] = float64(i)/float64(n-1), 1/float64(n-1)
		}
		weights[0], weights[n-1] = weights[0]/2, weights[n-1]/2
	case GaussLegendre:
		quad.Legendre{}.FixedLocations(nodes, weights, 0, 1)
	default:
		return nil, nil, fmt.Errorf("tangent: unknown quadrature rule %v: take Midpoint, Uniform, Trapezoid or GaussLegendre", r)
	}
	return nodes, weights, nil
}
