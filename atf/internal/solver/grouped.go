package solver

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// grouped is a block-diagonal M: Ω̃(β) = Σ_g ω̃(‖β_g‖) (appendix A.1 and Theorem 1).
// Coordinates in no group keep M = 1.
type grouped struct {
	pen    penalty.Penalty
	sizes  []int   // coefficients of each block
	member []int32 // group of each coefficient or −1; nil for one group of all
	groups int
	eps    float64
}

// Unstructured is any M on the coefficients of blocks of the given sizes:
// Theorem 1, one group.
func Unstructured(omega penalty.Penalty, sizes []int) Part {
	return &grouped{pen: omega, sizes: sizes, groups: 1}
}

// Diagonal is a diagonal M: every coefficient is a group.
func Diagonal(omega penalty.Penalty, sizes []int) Part {
	p := &grouped{pen: omega, sizes: sizes}
	for _, n := range sizes {
		p.groups += n
	}
	p.member = make([]int32, p.groups)
	for i := range p.member {
		p.member[i] = int32(i)
	}
	return p
}

// Blocks is a block-diagonal M over groups of coefficients, which must not
// overlap and are counted over all blocks of the part.
func Blocks(omega penalty.Penalty, sizes []int, groups [][]int) Part {
	p := &grouped{pen: omega, sizes: sizes, groups: len(groups)}
	total := 0
	for _, n := range sizes {
		total += n
	}
	p.member = make([]int32, total)
	for i := range p.member {
		p.member[i] = -1
	}
	for g, group := range groups {
		for _, i := range group {
			p.member[i] = int32(g)
		}
	}
	return p
}

// group is the group of coefficient i, or −1.
func (p *grouped) group(i int) int {
	if p.member == nil {
		return 0
	}
	return int(p.member[i])
}

// norms gives ‖z_g‖, and the sum of squares of what is in no group.
func (p *grouped) norms(z []float64) (norms []float64, rest float64) {
	norms = make([]float64, p.groups)
	for i, v := range z {
		if g := p.group(i); g >= 0 {
			norms[g] += v * v
		} else {
			rest += v * v
		}
	}
	for g, v := range norms {
		norms[g] = math.Sqrt(v)
	}
	return norms, rest
}

func (p *grouped) At(beta []float64) (State, error) {
	norms, total := p.norms(beta)
	s := &groupedState{grouped: p, beta: beta, square: make([]float64, p.groups)}
	for g, v := range norms {
		v = math.Hypot(v, p.eps)
		scale := 1 + p.pen.Excess(v)
		s.square[g] = scale * scale
		total += p.pen.Effective(v)
	}
	s.value = total
	if math.IsNaN(total) || math.IsInf(total, 0) {
		return nil, fmt.Errorf("the effective penalty %s is %v at group norms up to %.3g", p.pen.Name(), total, largest(norms))
	}
	return s, nil
}

func largest(values []float64) float64 {
	top := 0.0
	for _, v := range values {
		top = math.Max(top, v)
	}
	return top
}

func (p *grouped) Untransformed() State {
	s := &groupedState{grouped: p, square: make([]float64, p.groups)}
	for g := range s.square {
		s.square[g] = 1
	}
	return s
}

func (p *grouped) Smoothed(eps float64) Part {
	q := *p
	q.eps = eps
	return &q
}

func (p *grouped) Scaled(c float64) Part {
	q := *p
	q.pen = penalty.Scale(c, p.pen)
	return &q
}

func (p *grouped) Sharpened() (Part, bool) { return p, false }
func (p *grouped) Fixed() bool             { return false }
func (p *grouped) Kinked() bool            { return p.pen.Minimum() == 0 }
func (p *grouped) Convex() bool            { return p.pen.ConvexEffective() }

func (p *grouped) Radial() (penalty.Penalty, bool) { return p.pen, p.member == nil }

func (p *grouped) Largest(beta []float64) (float64, error) {
	norms, _ := p.norms(beta)
	return largest(norms), nil
}

func (p *grouped) Exact(beta []float64) (float64, error) {
	norms, rest := p.norms(beta)
	t := 0.0
	for _, v := range norms {
		t += p.pen.Effective(v)
	}
	return t + rest, nil
}

// Conjugate is Σ_g ω̃*(τ‖z_g‖) + ‖τz_rest‖²/4.
func (p *grouped) Conjugate(z []float64) (Conjugate, error) {
	norms, rest := p.norms(z)
	return func(tau float64) (float64, bool) {
		t := tau * tau * rest / 4
		for _, v := range norms {
			c, finite := p.pen.Conjugate(tau * v)
			if !finite {
				return math.Inf(1), false
			}
			t += c
		}
		return t, true
	}, nil
}

type groupedState struct {
	*grouped
	beta   []float64
	square []float64 // s² of each group
	value  float64
}

func (s *groupedState) Value() float64 { return s.value }

func (s *groupedState) Gradient(grad []float64) {
	for i, b := range s.beta {
		grad[i] = 2 * b
		if g := s.group(i); g >= 0 && b != 0 {
			grad[i] /= s.square[g]
		}
	}
}

func (s *groupedState) Weights() []feature.Weight {
	w := make([]feature.Weight, len(s.sizes))
	if s.member == nil {
		for i := range w {
			w[i] = feature.Scalar(s.square[0])
		}
		return w
	}
	coords := make([]float64, len(s.member))
	for i, g := range s.member {
		coords[i] = 1
		if g >= 0 {
			coords[i] = s.square[g]
		}
	}
	at := 0
	for i, size := range s.sizes {
		w[i] = feature.Coordinates(coords[at : at+size])
		at += size
	}
	return w
}

func (s *groupedState) Curvature() []feature.Weight             { return s.Weights() }
func (s *groupedState) PaperWeights() ([]feature.Weight, error) { return s.Weights(), nil }

// Offset allows, where ‖β_g‖ counts as 0 under a kinked penalty, every z_g of
// norm up to ω̃'(0).
func (s *groupedState) Offset(z []float64, zero float64) (float64, error) {
	if !s.Kinked() {
		return offset(s, z), nil
	}
	norms, _ := s.norms(s.beta)
	dual, _ := s.norms(z)
	t, flat := 0.0, s.pen.EffectiveSlope(0)
	factor := make([]float64, len(norms)) // ω̃'(v)/v where v counts
	for g, v := range norms {
		if v > zero {
			factor[g] = s.pen.EffectiveSlope(v) / v
			continue
		}
		beyond := math.Max(0, dual[g]-flat)
		t += beyond * beyond
	}
	for i, b := range s.beta {
		f := 2.0
		if g := s.group(i); g >= 0 {
			if f = factor[g]; f == 0 {
				continue
			}
		}
		t += (z[i] - f*b) * (z[i] - f*b)
	}
	return t, nil
}
