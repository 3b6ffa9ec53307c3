package atf

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A piece is one independent part of the transformation M: it acts on the
// coefficients of consecutive sources and has its own effective penalty Ω̃.
// measure must come before gradient and weights, which speak of the β that was
// measured last.
type piece interface {
	// measure reads the spectrum of β and gives Ω̃(β).
	measure(beta []float64) (float64, error)
	// gradient writes ∇Ω̃(β).
	gradient(beta, grad []float64)
	// weights gives one weight W a source, such that βᵀW⁻¹β + const lies above
	// Ω̃ and touches it at the measured β: the half-quadratic form of section 3.
	weights() []feature.Weight
	// start sets the weights of M = I.
	start()
	// smooth replaces every v in ω̃(v) by √(v²+ε²).
	smooth(eps float64)
	// scale is the largest v measured.
	scale() float64
	// values gives the singular values or norms of z that Ω̃* depends on.
	values(z []float64) ([]float64, error)
	// penalty is the ω behind Ω̃.
	penalty() penalty.Penalty
	// fixed says that M = I here for good.
	fixed() bool
}

// fixedPiece leaves its coefficients untransformed: Ω̃(β) = ‖β‖².
type fixedPiece struct{ n int }

func (f *fixedPiece) measure(beta []float64) (float64, error) {
	v := 0.0
	for _, b := range beta {
		v += b * b
	}
	return v, nil
}

func (f *fixedPiece) gradient(beta, grad []float64) {
	for i, b := range beta {
		grad[i] = 2 * b
	}
}

func (f *fixedPiece) weights() []feature.Weight {
	w := make([]feature.Weight, f.n)
	for i := range w {
		w[i] = feature.Scalar(1)
	}
	return w
}

func (f *fixedPiece) start()                   {}
func (f *fixedPiece) smooth(float64)           {}
func (f *fixedPiece) scale() float64           { return 0 }
func (f *fixedPiece) penalty() penalty.Penalty { return penalty.Identity() }
func (f *fixedPiece) fixed() bool              { return true }

func (f *fixedPiece) values(z []float64) ([]float64, error) {
	return []float64{norm(z)}, nil
}

// groupedPiece is a block-diagonal M: Ω̃(β) = Σ_g ω̃(‖β_g‖). Diagonal M has
// groups of one, Theorem 1 a single group. Coordinates in no group (−1) keep
// M = 1.
type groupedPiece struct {
	pen    penalty.Penalty
	sizes  []int   // coefficients of each source
	whole  []int   // group of each source, where groups are unions of sources
	member []int32 // group of each coefficient otherwise
	groups int

	eps    float64
	norms  []float64 // of each group
	square []float64 // s² of each group
	coords []float64
	alone  map[int32]bool // groups of a single coefficient, when asked for
}

func (p *groupedPiece) group(source, i int) int {
	if p.whole != nil {
		return p.whole[source]
	}
	return int(p.member[i])
}

func (p *groupedPiece) groupNorms(z []float64) (norms []float64, rest float64) {
	norms = make([]float64, p.groups)
	at := 0
	for s, size := range p.sizes {
		for i := at; i < at+size; i++ {
			if g := p.group(s, i); g >= 0 {
				norms[g] += z[i] * z[i]
			} else {
				rest += z[i] * z[i]
			}
		}
		at += size
	}
	for g, v := range norms {
		norms[g] = math.Sqrt(v)
	}
	return norms, rest
}

func (p *groupedPiece) measure(beta []float64) (float64, error) {
	var total float64
	p.norms, total = p.groupNorms(beta)
	if p.square == nil {
		p.square = make([]float64, p.groups)
	}
	for g, v := range p.norms {
		v = math.Hypot(v, p.eps)
		s := 1 + p.pen.Excess(v)
		p.square[g] = s * s
		total += p.pen.Effective(v)
	}
	if math.IsNaN(total) || math.IsInf(total, 0) {
		return total, fmt.Errorf("the effective penalty %s is %v at group norms up to %.3g", p.pen.Name(), total, p.scale())
	}
	return total, nil
}

func (p *groupedPiece) gradient(beta, grad []float64) {
	at := 0
	for s, size := range p.sizes {
		for i := at; i < at+size; i++ {
			grad[i] = 2 * beta[i]
			if g := p.group(s, i); g >= 0 && beta[i] != 0 {
				grad[i] /= p.square[g]
			}
		}
		at += size
	}
}

func (p *groupedPiece) weights() []feature.Weight {
	w := make([]feature.Weight, len(p.sizes))
	if p.whole != nil {
		for i := range w {
			w[i] = feature.Scalar(1)
			if g := p.whole[i]; g >= 0 {
				w[i] = feature.Scalar(p.square[g])
			}
		}
		return w
	}
	if p.coords == nil {
		p.coords = make([]float64, len(p.member))
	}
	for i, g := range p.member {
		p.coords[i] = 1
		if g >= 0 {
			p.coords[i] = p.square[g]
		}
	}
	at := 0
	for i, size := range p.sizes {
		w[i] = feature.Coordinates(p.coords[at : at+size])
		at += size
	}
	return w
}

func (p *groupedPiece) start() {
	p.norms, p.square = make([]float64, p.groups), make([]float64, p.groups)
	for g := range p.square {
		p.square[g] = 1
	}
}

func (p *groupedPiece) smooth(eps float64)       { p.eps = eps }
func (p *groupedPiece) penalty() penalty.Penalty { return p.pen }
func (p *groupedPiece) fixed() bool              { return false }

func (p *groupedPiece) scale() float64 {
	v := 0.0
	for _, n := range p.norms {
		v = math.Max(v, n)
	}
	return v
}

func (p *groupedPiece) values(z []float64) ([]float64, error) {
	norms, _ := p.groupNorms(z)
	return norms, nil
}
