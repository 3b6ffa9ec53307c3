package atf

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

type structureKind int

const (
	kindFixed structureKind = iota
	kindFrozen
	kindUnstructured
	kindDiagonal
	kindBlocks
	kindSpectral
)

// A Structure is the form that the transformation M may take on one layer, or
// on one matrix of an explicit feature matrix. Problem.Layer mixes them.
type Structure struct {
	kind   structureKind
	a, b   penalty.Penalty
	groups [][]int
}

// Fixed keeps M = I: the layer takes part with its tangent features as they
// are, at the cost ‖β‖².
func Fixed() Structure { return Structure{kind: kindFixed} }

// Frozen takes the layer out of the model: its parameters do not move.
func Frozen() Structure { return Structure{kind: kindFrozen} }

// Unstructured lets M be any matrix on the layer's parameters, with the
// spectral penalty Ω_ω(M): Theorem 1 for this layer.
func Unstructured(omega penalty.Penalty) Structure {
	return Structure{kind: kindUnstructured, a: omega}
}

// Diagonal lets M be diagonal, with the penalty Σ_p ω(m_p) (appendix A.1).
func Diagonal(omega penalty.Penalty) Structure { return Structure{kind: kindDiagonal, a: omega} }

// Blocks lets M be block diagonal over groups of the layer's parameters, which
// are counted from 0 within the layer, weights row by row and then biases.
// Parameters in no group keep M = 1.
func Blocks(omega penalty.Penalty, groups ...[]int) Structure {
	return Structure{kind: kindBlocks, a: omega, groups: groups}
}

// TwoSided lets the layer's deviation be A Θ Bᵀ with a spectral penalty for
// each side: a hidden layer of Theorem 2. penalty.Identity() leaves a side out.
func TwoSided(omegaA, omegaB penalty.Penalty) Structure {
	return Structure{kind: kindSpectral, a: omegaA, b: omegaB}
}

// OneSided lets the layer's deviation be Θ Bᵀ, with A = I: the last layer of
// Theorem 2, eq. (19).
func OneSided(omegaB penalty.Penalty) Structure {
	return TwoSided(penalty.Identity(), omegaB)
}

// String names the structure and its penalties.
func (s Structure) String() string {
	switch s.kind {
	case kindFixed:
		return "M = I"
	case kindFrozen:
		return "frozen"
	case kindUnstructured:
		return "unstructured M, ω = " + name(s.a)
	case kindDiagonal:
		return "diagonal M, ω = " + name(s.a)
	case kindBlocks:
		return fmt.Sprintf("M in %d blocks, ω = %s", len(s.groups), name(s.a))
	}
	return fmt.Sprintf("A Θ Bᵀ, ω_A = %s, ω_B = %s", name(s.a), name(s.b))
}

func name(p penalty.Penalty) string {
	if p == nil {
		return "nil"
	}
	return p.Name()
}

// validate checks the penalties and groups against the number of parameters.
func (s Structure) validate(where string, params int) error {
	var need []penalty.Penalty
	switch s.kind {
	case kindUnstructured, kindDiagonal, kindBlocks:
		need = []penalty.Penalty{s.a}
	case kindSpectral:
		need = []penalty.Penalty{s.a, s.b}
	}
	for _, p := range need {
		if p == nil {
			return fmt.Errorf("%s: the penalty is nil: pass one of package penalty, such as penalty.Squared(1)", where)
		}
		if err := p.Validate(); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
	}
	if s.kind != kindBlocks {
		return nil
	}
	if len(s.groups) == 0 {
		return fmt.Errorf("%s: blocks without a group: name at least one, or take Fixed", where)
	}
	seen := make(map[int]int, params)
	for g, group := range s.groups {
		if len(group) == 0 {
			return fmt.Errorf("%s: group %d, counted from 0, is empty", where, g)
		}
		for _, p := range group {
			if p < 0 || p >= params {
				return fmt.Errorf("%s: group %d names parameter %d, but there are %d, all counted from 0", where, g, p, params)
			}
			if other, twice := seen[p]; twice {
				return fmt.Errorf("%s: parameter %d stands in groups %d and %d, all counted from 0: groups must not overlap", where, p, other, g)
			}
			seen[p] = g
		}
	}
	return nil
}

func (s Structure) scaled(c float64) Structure {
	for _, p := range []*penalty.Penalty{&s.a, &s.b} {
		if *p != nil {
			*p = penalty.Scale(c, *p)
		}
	}
	return s
}

func (s Structure) sign(w *fingerprint.Writer) {
	w.Int(int(s.kind))
	for _, p := range []penalty.Penalty{s.a, s.b} {
		if p == nil {
			w.Int(-1)
		} else {
			w.String(p.Fingerprint())
		}
	}
	w.Int(len(s.groups))
	for _, g := range s.groups {
		w.Int(g...)
	}
}

// structureOf is the structure of layer l in a layered problem.
func (p *Problem) structureOf(l int) Structure {
	if s, ok := p.layers[l]; ok {
		return s
	}
	switch {
	case p.sideA == nil || p.sideB == nil:
		return Fixed()
	case l == p.numLayers()-1:
		return OneSided(p.sideB)
	}
	return TwoSided(p.sideA, p.sideB)
}
