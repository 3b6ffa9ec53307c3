package data

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"gonum.org/v1/gonum/mat"
)

func sample(t *testing.T) *Set { t.Helper(); return load(t, Digits().Take(30).Classes(2, 3, 7)) }

func TestSubset(t *testing.T) {
	s := sample(t)
	before := s.Fingerprint()
	check := func(seed uint64, n uint8) bool {
		r := rand.New(rand.NewPCG(seed, 1))
		idx := make([]int, 1+int(n)%50)
		for k := range idx {
			idx[k] = r.IntN(s.N())
		}
		u := s.Subset(idx)
		for k, i := range idx {
			if u.Labels[k] != s.Labels[i] || !slices.Equal(u.X.RawRowView(k), s.X.RawRowView(i)) ||
				!slices.Equal(u.Y.RawRowView(k), s.Y.RawRowView(i)) || !slices.Equal(u.Image(k), s.Image(i)) {
				return false
			}
		}
		u.X.Set(0, 0, 5)
		u.Labels[0] = 9
		u.Classes[0] = 9
		return u.N() == len(idx)
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
	s.Image(0)[3] = 77
	if s.Fingerprint() != before {
		t.Error("a change of a subset or an image changed the set")
	}
	first, rest := s.Split(11)
	if first.N() != 11 || rest.N() != 19 || rest.Labels[0] != s.Labels[11] || s.Head(11).Fingerprint() != first.Fingerprint() {
		t.Error("Split and Head disagree")
	}
	if a, b := s.Shuffle(1), s.Shuffle(1); a.Fingerprint() != b.Fingerprint() || a.Fingerprint() == before {
		t.Error("Shuffle")
	}
}

func TestOrderBy(t *testing.T) {
	s := sample(t)
	values := make([]float64, s.N())
	for i := range values {
		values[i] = float64(s.Labels[i])
	}
	o := s.OrderBy(values)
	if !slices.IsSorted(o.Labels) {
		t.Errorf("labels %v", o.Labels)
	}
	five := s.Head(5)
	o = five.OrderBy([]float64{2, 1, math.NaN(), 1, -3})
	for k, i := range []int{2, 4, 1, 3, 0} {
		if !slices.Equal(o.X.RawRowView(k), five.X.RawRowView(i)) {
			t.Errorf("place %d of the order does not hold example %d", k, i)
		}
	}
}

func TestSetPanics(t *testing.T) {
	s := sample(t)
	for says, f := range map[string]func(){
		"an empty subset of a set of 30":            func() { s.Subset(nil) },
		"index 30 (place 1 of the subset)":          func() { s.Subset([]int{0, 30}) },
		"index -1":                                  func() { s.Subset([]int{-1}) },
		"first 31 examples of a set of 30":          func() { s.Head(31) },
		"first 0 examples":                          func() { s.Head(0) },
		"split after 30 examples of a set of 30":    func() { s.Split(30) },
		"3 values to order a set of 30":             func() { s.OrderBy(make([]float64, 3)) },
		"targets of 4 × 1 for a set of 30":          func() { s.WithTargets(mat.NewDense(4, 1, nil)) },
		"image 30 of a set of 30":                   func() { s.Image(30) },
		"data: the first 1 examples of a set of 0":  func() { new(Set).Head(1) },
		"data: a split after 1 examples of a set o": func() { new(Set).Split(1) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, says) {
					t.Errorf("want a panic with %q, got %q", says, got)
				}
			}()
			f()
		}()
	}
}

func TestGob(t *testing.T) {
	for _, s := range []*Set{sample(t), load(t, Digits().Take(4).Classes(2, 3).UnitNorm()), load(t, SparseLinear(5, 8, 2).Noise(0.1)),
		load(t, Sphere(5, 3).Signs()), sample(t).WithTargets(mat.NewDense(30, 2, nil)), {}, {X: mat.NewDense(2, 3, nil), Name: "inputs only"}} {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(s); err != nil {
			t.Fatal(err)
		}
		var u Set
		if err := gob.NewDecoder(&b).Decode(&u); err != nil {
			t.Fatal(err)
		}
		if u.Fingerprint() != s.Fingerprint() || u.String() != s.String() || u.Source != s.Source {
			t.Errorf("%v came back as %v", s, &u)
		}
		if s.N() > 0 && !slices.Equal(u.Image(0), s.Image(0)) {
			t.Errorf("%v lost its pixels", s)
		}
	}
	for says, s := range map[string]*Set{
		"2 targets for 3 inputs": {X: mat.NewDense(3, 2, nil), Y: mat.NewDense(2, 1, nil)},
		"1 labels for 3 inputs":  {X: mat.NewDense(3, 2, nil), Labels: []int{1}},
		"4 pixels for 3 images":  {X: mat.NewDense(3, 2, nil), Rows: 1, Cols: 2, pixels: make([]uint8, 4)},
	} {
		p, err := s.GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		if err = new(Set).GobDecode(p); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v", says, err)
		}
	}
	if err := new(Set).GobDecode([]byte("no gob")); err == nil {
		t.Error("no error for bytes that are no gob stream")
	}
}

func TestFingerprint(t *testing.T) {
	s := sample(t)
	seen := map[string]int{s.Fingerprint(): -1}
	for k, change := range []func(u *Set){
		func(u *Set) { u.X.Set(3, 3, 7) }, func(u *Set) { u.Y.Set(3, 0, 7) }, func(u *Set) { u.Labels[0]++ },
		func(u *Set) { u.Classes[0]++ }, func(u *Set) { u.pixels[4]++ }, func(u *Set) { u.Truth = []float64{1} },
		func(u *Set) { u.Y = nil },
	} {
		u := s.Subset(span(0, s.N()))
		change(u)
		if was, ok := seen[u.Fingerprint()]; ok {
			t.Errorf("change %d has the fingerprint of %d", k, was)
		}
		seen[u.Fingerprint()] = k
	}
	u := s.Subset(span(0, s.N()))
	u.Name, u.Source = "a", "b"
	if u.Fingerprint() != s.Fingerprint() {
		t.Error("name or source count")
	}
}

func TestFlipLabels(t *testing.T) {
	for _, s := range []*Set{sample(t), load(t, Digits().Take(40).Classes(3, 2)), load(t, Gaussian(50, 4).Signs())} {
		before := s.Fingerprint()
		var last []int
		for _, share := range []float64{0, 0.1, 0.35, 1} {
			u, err := s.FlipLabels(share, 5)
			if err != nil {
				t.Fatal(err)
			}
			var flipped []int
			for i := range u.Labels {
				if u.Labels[i] != s.Labels[i] {
					flipped = append(flipped, i)
				}
			}
			if want := int(math.Round(share * float64(s.N()))); len(flipped) != want {
				t.Errorf("%v of %d: %d flipped", share, s.N(), len(flipped))
			}
			for _, i := range last {
				if !slices.Contains(flipped, i) {
					t.Errorf("share %v leaves example %d alone, a smaller share did not", share, i)
				}
			}
			last = flipped
			if err := u.checkTargets(); err != nil {
				t.Error(err)
			}
		}
		if s.Fingerprint() != before {
			t.Error("FlipLabels changed its set")
		}
	}
	s := sample(t)
	for says, f := range map[string]func() (*Set, error){
		"must lie in 0 … 1":       func() (*Set, error) { return s.FlipLabels(1.1, 0) },
		"share NaN":               func() (*Set, error) { return s.FlipLabels(math.NaN(), 0) },
		"no labels":               func() (*Set, error) { return load(t, Gaussian(4, 2)).FlipLabels(0.5, 0) },
		"has 1 class":             func() (*Set, error) { return load(t, Digits().Take(4).Classes(1)).FlipLabels(0.5, 0) },
		"3 classes but 1 outputs": func() (*Set, error) { return s.WithTargets(mat.NewDense(30, 1, nil)).FlipLabels(0.5, 0) },
		"flip labels before":      func() (*Set, error) { return s.WithTargets(mat.NewDense(30, 3, nil)).FlipLabels(0.5, 0) },
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v", says, err)
		}
	}
}

func TestSigns(t *testing.T) {
	y := mat.NewDense(2, 3, []float64{-0.2, 0, 7, math.Inf(-1), 1e-300, math.Copysign(0, -1)})
	signs, err := Signs(y)
	if err != nil || !slices.Equal(signs.RawMatrix().Data, []float64{-1, 1, 1, -1, 1, 1}) {
		t.Errorf("signs %v, error %v", signs, err)
	}
	y.Set(1, 2, math.NaN())
	if _, err := Signs(y); err == nil || !strings.Contains(err.Error(), "row 1, column 2") {
		t.Errorf("NaN: error %v", err)
	}
	if empty, err := Signs(&mat.Dense{}); err != nil || !empty.IsEmpty() {
		t.Errorf("empty: %v, %v", empty, err)
	}
}
