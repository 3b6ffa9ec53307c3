package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/order"
)

// A Set is a data set: n examples with inputs and targets. The methods that
// choose examples return new sets and leave their own as it is. The zero value
// is an empty set.
type Set struct {
	X *mat.Dense // inputs, n × d
	Y *mat.Dense // targets ŷ or y, n × C

	// Labels holds the class of each example, Classes the classes in the order
	// of Y's columns (one-hot), or of −1 and +1. Both are nil where the targets
	// are real numbers.
	Labels, Classes []int

	// ClassNames says in words what Classes are, in the same order; nil for
	// digits and without classes.
	ClassNames []string

	// Rows and Cols are the size of an image in pixels, Channels the numbers of
	// a pixel: 1 for grey, 3 for red, green and blue. All 0 without images.
	Rows, Cols, Channels int

	// Truth holds the coefficients that made linear targets; else nil.
	Truth []float64

	Name   string // what the examples are, such as "MNIST 2, 3 (train)"
	Source string // where they come from, in words for the reader

	pixels []uint8 // n × Rows·Cols·Channels
}

// N is the number of examples n.
func (s *Set) N() int { return rows(s.X) }

// Inputs is the number d of numbers in an input.
func (s *Set) Inputs() int { return cols(s.X) }

// Outputs is the number C of numbers in a target.
func (s *Set) Outputs() int { return cols(s.Y) }

func rows(m *mat.Dense) int {
	if m == nil {
		return 0
	}
	r, _ := m.Dims()
	return r
}

func cols(m *mat.Dense) int {
	if m == nil {
		return 0
	}
	_, c := m.Dims()
	return c
}

// Image gives a copy of the pixels of example i as they were before any
// normalisation, Rows × Cols × Channels: row by row, pixel by pixel, the channels
// of a pixel next to each other, 0 black to 255 white; nil when the set holds no
// images. Picture gives it as an image of Go's, Grey all without colour. It
// panics when there is no example i.
func (s *Set) Image(i int) []uint8 {
	if i < 0 || i >= s.N() {
		panic(fmt.Sprintf("data: image %d of a set of %d, counted from 0", i, s.N()))
	}
	if s.pixels == nil {
		return nil
	}
	p := s.imageSize()
	return slices.Clone(s.pixels[i*p : (i+1)*p])
}

// Subset gives the examples idx, in that order; an example may come more than
// once. It panics on an empty idx and on indices outside 0 … n−1.
func (s *Set) Subset(idx []int) *Set {
	if len(idx) == 0 {
		panic(fmt.Sprintf("data: an empty subset of a set of %d", s.N()))
	}
	for k, i := range idx {
		if i < 0 || i >= s.N() {
			panic(fmt.Sprintf("data: index %d (place %d of the subset) in a set of %d, all counted from 0", i, k, s.N()))
		}
	}
	t := *s
	t.X, t.Y = take(s.X, idx), take(s.Y, idx)
	t.Classes, t.Truth = slices.Clone(s.Classes), slices.Clone(s.Truth)
	t.ClassNames = slices.Clone(s.ClassNames)
	if s.Labels != nil {
		t.Labels = make([]int, len(idx))
		for k, i := range idx {
			t.Labels[k] = s.Labels[i]
		}
	}
	if s.pixels != nil {
		p := s.imageSize()
		t.pixels = make([]uint8, 0, len(idx)*p)
		for _, i := range idx {
			t.pixels = append(t.pixels, s.pixels[i*p:(i+1)*p]...)
		}
	}
	return &t
}

func take(m *mat.Dense, idx []int) *mat.Dense {
	if m == nil {
		return nil
	}
	_, c := m.Dims()
	out := mat.NewDense(len(idx), c, nil)
	for k, i := range idx {
		out.SetRow(k, m.RawRowView(i))
	}
	return out
}

func span(lo, hi int) []int {
	idx := make([]int, hi-lo)
	for k := range idx {
		idx[k] = lo + k
	}
	return idx
}

// Head gives the first n examples. It panics unless 1 ≤ n ≤ N().
func (s *Set) Head(n int) *Set {
	if n < 1 || n > s.N() {
		panic(fmt.Sprintf("data: the first %d examples of a set of %d", n, s.N()))
	}
	return s.Subset(span(0, n))
}

// Split gives the first n examples and the others. It panics unless both have
// at least one.
func (s *Set) Split(n int) (first, rest *Set) {
	if n < 1 || n >= s.N() {
		panic(fmt.Sprintf("data: a split after %d examples of a set of %d", n, s.N()))
	}
	return s.Subset(span(0, n)), s.Subset(span(n, s.N()))
}

// Shuffle gives the examples in an order drawn from seed.
func (s *Set) Shuffle(seed uint64) *Set {
	if s.N() == 0 {
		return s
	}
	return s.Subset(rand.New(rand.NewPCG(seed, streamOrder)).Perm(s.N()))
}

// OrderBy gives the examples sorted by values, one for each example, upwards
// (as the kernel maps of the paper's Figure 1 are, by y). Examples of equal
// value keep their order, and NaN comes first. It panics when values has
// another length than the set. kernel.Gram and charts.Kernels have a method of
// the same name that sorts in the same way.
func (s *Set) OrderBy(values []float64) *Set {
	if len(values) != s.N() {
		panic(fmt.Sprintf("data: %d values to order a set of %d by", len(values), s.N()))
	}
	if s.N() == 0 {
		return s
	}
	return s.Subset(order.By(values))
}

// WithTargets gives the same examples with the targets y (n × C, copied), as
// when a teacher network labels them. It panics when y has not n rows. Labels
// and Classes stay: they say what the images show.
func (s *Set) WithTargets(y mat.Matrix) *Set {
	if r, c := y.Dims(); r != s.N() {
		panic(fmt.Sprintf("data: targets of %d × %d for a set of %d", r, c, s.N()))
	}
	t := *s
	t.Y = mat.DenseCopyOf(y)
	t.Truth = nil
	return &t
}

// Signs gives sign(y) entry by entry, 0 counting as +1: the hard targets that
// the paper's Figure 1 makes of a teacher's smooth ones. A NaN is an error.
func Signs(y mat.Matrix) (*mat.Dense, error) {
	r, c := y.Dims()
	if r*c == 0 {
		return &mat.Dense{}, nil
	}
	signs := mat.NewDense(r, c, nil)
	for i := range r {
		for j := range c {
			switch v := y.At(i, j); {
			case math.IsNaN(v):
				return nil, fmt.Errorf("data: the target in row %d, column %d (counted from 0) is NaN and has no sign", i, j)
			case v < 0:
				signs.Set(i, j, -1)
			default:
				signs.Set(i, j, 1)
			}
		}
	}
	return signs, nil
}

// Counts gives the number of examples of each class, in the order of Classes.
func (s *Set) Counts() []int {
	n := make([]int, len(s.Classes))
	for _, v := range s.Labels {
		if k := slices.Index(s.Classes, v); k >= 0 {
			n[k]++
		}
	}
	return n
}

// String says what the set holds and where it is from.
func (s *Set) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s, %s", s.Name, number(s.N(), "example"), number(s.Inputs(), "input"), number(s.Outputs(), "output"))
	if len(s.Labels) > 0 && len(s.Classes) > 0 {
		for k, c := range s.Counts() {
			sep := ", "
			if k == 0 {
				sep = "; "
			}
			what := fmt.Sprint(s.Classes[k])
			if k < len(s.ClassNames) {
				what = s.ClassNames[k]
			}
			fmt.Fprintf(&b, "%s%s of %s", sep, thousands(c), what)
		}
	}
	if s.Source != "" {
		fmt.Fprintf(&b, "; source: %s", s.Source)
	}
	return b.String()
}

func thousands(n int) string {
	t := fmt.Sprint(n)
	for k := len(t) - 3; k > 0; k -= 3 {
		t = t[:k] + "," + t[k:]
	}
	return t
}

// Fingerprint names the set by what it holds: inputs, targets, labels,
// classes, pixels and truth. Name, Source and ClassNames do not count, so the same images
// from a cache and from a folder have the same fingerprint.
func (s *Set) Fingerprint() string {
	w := fingerprint.New("data.Set/1")
	for _, m := range []*mat.Dense{s.X, s.Y} {
		if m == nil {
			w.Matrix(nil)
		} else {
			w.Matrix(m)
		}
	}
	w.Int(s.Labels...).Int(s.Classes...).Int(s.Rows, s.Cols).String(string(s.pixels)).Float(s.Truth...)
	if s.channels() > 1 { // grey images keep the name that they had before colour
		w.Int(s.Channels)
	}
	return w.Sum()
}

func number(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return thousands(n) + " " + what
}
