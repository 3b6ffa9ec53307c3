package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// FlipLabels gives the set with round(share·n) labels changed, each to another
// class drawn uniformly, and the targets with them: a task made harder by
// random labels. The examples are drawn from seed; with the same seed a larger
// share changes those of a smaller share, in the same way, and more.
//
// The error says when share is not in 0 … 1, or when the targets are not the
// ±1 or one-hot form of the labels.
func (s *Set) FlipLabels(share float64, seed uint64) (*Set, error) {
	if !(share >= 0 && share <= 1) {
		return nil, fmt.Errorf("share %v of labels to flip: it must lie in 0 … 1", share)
	}
	if len(s.Labels) == 0 || len(s.Labels) != s.N() {
		return nil, fmt.Errorf("%s has no labels to flip: its targets are real numbers", s.title())
	}
	c := len(s.Classes)
	if c < 2 {
		return nil, fmt.Errorf("%s has %d class: flipping labels takes two or more", s.title(), c)
	}
	if err := s.checkTargets(); err != nil {
		return nil, err
	}
	t := s.Subset(span(0, s.N()))
	rng := rand.New(rand.NewPCG(seed, streamFlip))
	for _, i := range rng.Perm(s.N())[:int(math.Round(share*float64(s.N())))] {
		k := (slices.Index(s.Classes, s.Labels[i]) + 1 + rng.IntN(c-1)) % c
		t.Labels[i] = s.Classes[k]
		encode(t.Y, i, k, c)
	}
	t.Name = fmt.Sprintf("%s, %.3g%% of labels flipped", s.Name, 100*share)
	return t, nil
}

func (s *Set) title() string {
	if s.Name == "" {
		return "the set"
	}
	return s.Name
}

// checkTargets makes sure that Y says what Labels say.
func (s *Set) checkTargets() error {
	c := len(s.Classes)
	if out := s.Outputs(); out != c && !(c == 2 && out == 1) {
		return fmt.Errorf("%s has %d classes but %d outputs: its targets are not those of its labels", s.title(), c, out)
	}
	want := mat.NewDense(1, s.Outputs(), nil)
	for i, v := range s.Labels {
		k := slices.Index(s.Classes, v)
		if k < 0 {
			return fmt.Errorf("%s: label %d of example %d, counted from 0, is none of its classes %v", s.title(), v, i, s.Classes)
		}
		encode(want, 0, k, c)
		if !slices.Equal(want.RawRowView(0), s.Y.RawRowView(i)) {
			return fmt.Errorf("%s: the target of example %d, counted from 0, is %v, its label %d says %v: flip labels before other targets take their place",
				s.title(), i, s.Y.RawRowView(i), v, want.RawRowView(0))
		}
	}
	return nil
}

// encode writes class k of c into row i of y: −1 or +1 where y has one column
// for two classes, else one-hot.
func encode(y *mat.Dense, i, k, c int) {
	row := y.RawRowView(i)
	if len(row) == 1 && c == 2 {
		row[0] = float64(2*k - 1)
		return
	}
	clear(row)
	row[k] = 1
}
