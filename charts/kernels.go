package charts

import (
	"errors"
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// KernelsFigure draws kernel matrices as maps. Made by Kernels.
type KernelsFigure struct {
	figure
	k kernelsBody
}

// Kernels draws kernel (Gram) matrices as square maps in a row, or in several
// rows when there are many. Where an entry of any of them is negative, zero is
// dark, orange above, blue below; where none is, the scale runs from zero, dark
// violet, to yellow, so that no half of it lies idle. All maps of a figure have
// scales of the same kind, so that a colour means one thing; Ramp chooses it.
//
// Each map has its own scale unless SharedScale is asked for. Where up to a
// hundredth of the entries (the diagonal, say) is more than twice as large as
// all others, the scale ends before them and a note says so; FullScale reaches
// the largest.
func Kernels() *KernelsFigure {
	f := &KernelsFigure{k: kernelsBody{limit: math.NaN()}}
	f.base.body = &f.k
	return f
}

// kernelMap is one map of the figure.
type kernelMap struct {
	name, caption string
	k             mat.Matrix
	n             int // rows
	per           int // rows of one example
	lo, hi        float64
	from, limit   float64 // ends of the scale
	missing       int
	beyond        int // entries that the scale does not reach
}

type kernelsBody struct {
	maps    []kernelMap
	order   []int
	by      []float64 // what the order comes from
	labels  []float64
	shared  bool
	full    bool
	limit   float64
	asked   draw.ColorScale // nil leaves it to the entries
	ramp    draw.ColorScale // as drawn
	ref     mat.Matrix
	refName string
	columns int
	axis    string
	errs    []error

	at []int // boundaries between classes: rows before them, as drawn
}

// outputs is what a Gram matrix over several outputs offers: nC rows for n
// examples, row i·C + c.
type outputs interface{ Outputs() int }

// Add appends a map of an n × n matrix, at least 1 × 1 and equally large for
// all maps of the figure. Of a Gram matrix over C outputs (nC × nC), Order and
// Classes go by examples, and each example keeps its C rows together.
func (f *KernelsFigure) Add(name string, k mat.Matrix) *KernelsFigure {
	b := &f.k
	if k == nil {
		b.errs = append(b.errs, fmt.Errorf("charts: kernel %q is nil", name))
		return f
	}
	r, c := k.Dims()
	switch {
	case r == 0 || c == 0:
		b.errs = append(b.errs, fmt.Errorf("charts: kernel %q is empty", name))
		return f
	case r != c:
		b.errs = append(b.errs, fmt.Errorf("charts: kernel %q is %d × %d, not square", name, r, c))
		return f
	}
	per := 1
	if o, ok := k.(outputs); ok && o.Outputs() > 1 && r%o.Outputs() == 0 {
		per = o.Outputs()
	}
	b.maps = append(b.maps, kernelMap{name: name, k: k, n: r, per: per})
	return f
}

// Caption sets the line under the map added last.
func (f *KernelsFigure) Caption(s string) *KernelsFigure {
	if n := len(f.k.maps); n > 0 {
		f.k.maps[n-1].caption = s
	} else {
		f.k.errs = append(f.k.errs, fmt.Errorf("charts: caption %q stands before any kernel", s))
	}
	return f
}

// Order sorts rows and columns of every map: row i shows index order[i] of
// the matrix. It may name a part of the indices.
func (f *KernelsFigure) Order(order []int) *KernelsFigure {
	f.k.order, f.k.by = order, nil
	return f
}

// Classes draws boundaries where the label changes from one row to the next;
// labels are given in the matrix's own order, before Order.
func (f *KernelsFigure) Classes(labels []float64) *KernelsFigure { f.k.labels = labels; return f }

// SharedScale gives all maps the widest of their colour scales.
func (f *KernelsFigure) SharedScale() *KernelsFigure { f.k.shared = true; return f }

// FullScale lets the colour scales reach the largest absolute entry.
func (f *KernelsFigure) FullScale() *KernelsFigure { f.k.full = true; return f }

// Ramp sets the colours. Default: Sequential where no entry of any map is
// negative, Diverging elsewhere. Diverging is centred at 0, every other scale
// begins there: entries below take its end's colour, with a note. A panel whose
// entries change their sign while one moves a slider should name one. A scale of
// fewer than two colours is an error.
func (f *KernelsFigure) Ramp(r Ramp) *KernelsFigure {
	if len(r) < 2 {
		f.k.errs = append(f.k.errs, fmt.Errorf("charts: a colour scale needs at least 2 colours, not %d", len(r)))
		return f
	}
	f.k.asked = draw.ColorScale(r)
	return f
}

// Limit sets the colour scale to [−limit, limit] for all maps, or to [0, limit]
// where it begins at 0; entries beyond it take the end's colour, and a note says
// how many there are.
func (f *KernelsFigure) Limit(limit float64) *KernelsFigure {
	if !(limit > 0) || math.IsInf(limit, 1) {
		f.k.errs = append(f.k.errs, fmt.Errorf("charts: the colour scale's limit must be positive and finite, not %g", limit))
		return f
	}
	f.k.limit, f.k.shared = limit, true
	return f
}

// SimilarityTo writes under each map its Frobenius cosine similarity with a
// reference, such as the label kernel: ⟨K, R⟩ / (‖K‖ ‖R‖), not centred (the
// paper's measure of alignment, §4).
func (f *KernelsFigure) SimilarityTo(name string, reference mat.Matrix) *KernelsFigure {
	f.k.ref, f.k.refName = reference, name
	return f
}

// Columns sets how many maps stand in a row. Default: up to 4.
func (f *KernelsFigure) Columns(n int) *KernelsFigure {
	if n < 1 {
		f.k.errs = append(f.k.errs, fmt.Errorf("charts: %d maps in a row", n))
		return f
	}
	f.k.columns = n
	return f
}

// Examples says under the maps what rows and columns are, such as
// "training images, sorted by y".
func (f *KernelsFigure) Examples(s string) *KernelsFigure { f.k.axis = s; return f }

// similarity is the Frobenius cosine of two equally large matrices.
func similarity(a, b mat.Matrix) float64 {
	r, c := a.Dims()
	var ab, aa, bb float64
	for i := range r {
		for j := range c {
			x, y := a.At(i, j), b.At(i, j)
			ab += x * y
			aa += x * x
			bb += y * y
		}
	}
	return ab / math.Sqrt(aa) / math.Sqrt(bb)
}

// index is the matrix row drawn as row i.
func (b *kernelsBody) index(i int) int {
	if b.order == nil {
		return i
	}
	per := b.maps[0].per
	return b.order[i/per]*per + i%per
}

// shown is how many rows are drawn.
func (b *kernelsBody) shown() int {
	if b.order != nil {
		return len(b.order) * b.maps[0].per
	}
	return b.maps[0].n
}

func (b *kernelsBody) Prepare() ([]string, error) {
	errs := append([]error(nil), b.errs...)
	if len(b.maps) == 0 {
		if len(errs) == 0 {
			errs = append(errs, fmt.Errorf("charts: no kernels to draw: call Add(name, K) before Show"))
		}
		return nil, errors.Join(errs...)
	}
	n := b.maps[0].n
	for _, m := range b.maps[1:] {
		if m.n != n {
			errs = append(errs, fmt.Errorf("charts: kernel %q is %d × %d, kernel %q %d × %d: draw different sizes in different figures",
				b.maps[0].name, n, n, m.name, m.n, m.n))
		} else if m.per != b.maps[0].per {
			errs = append(errs, fmt.Errorf("charts: kernel %q has %d outputs, kernel %q %d", b.maps[0].name, b.maps[0].per, m.name, m.per))
		}
	}
	examples := n / b.maps[0].per
	if b.order != nil && len(b.order) == 0 {
		errs = append(errs, fmt.Errorf("charts: the order of the kernels' rows is empty"))
	}
	for i, v := range b.order {
		if v < 0 || v >= examples {
			errs = append(errs, fmt.Errorf("charts: the order names index %d at place %d, but the kernels have %d rows", v, i, examples))
			break
		}
	}
	if b.by != nil && len(b.by) != examples {
		errs = append(errs, fmt.Errorf("charts: %d values to order kernels of %d rows by", len(b.by), examples))
	}
	if b.labels != nil && len(b.labels) != examples {
		errs = append(errs, fmt.Errorf("charts: %d class labels for kernels of %d rows", len(b.labels), examples))
	}
	if b.ref != nil {
		if r, c := b.ref.Dims(); r != n || c != n {
			errs = append(errs, fmt.Errorf("charts: the reference %q is %d × %d, the kernels %d × %d", b.refName, r, c, n, n))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return b.scale(), nil
}

func fixed(v float64, digits int) string {
	if !draw.Finite(v) {
		return "not defined"
	}
	return draw.Minus(fmt.Sprintf("%.*f", digits, v))
}

func (b *kernelsBody) Facts() []string {
	var out []string
	for _, m := range b.maps {
		s := fmt.Sprintf("kernel %s: %d × %d, entries from %s to %s", m.name, b.shown(), b.shown(), draw.FormatNumber(m.lo, 3), draw.FormatNumber(m.hi, 3))
		if m.caption != "" {
			s += ", " + m.caption
		}
		out = append(out, s)
	}
	return out
}

// Title sets the title, drawn above the figure.
func (f *KernelsFigure) Title(s string) *KernelsFigure { f.base.title = s; return f }

// Subtitle sets a line under the title.
func (f *KernelsFigure) Subtitle(s string) *KernelsFigure { f.base.subtitle = s; return f }

// Alt sets the text read to those who cannot see the figure. Default: title
// and a summary of the data.
func (f *KernelsFigure) Alt(s string) *KernelsFigure { f.base.alt = s; return f }

// Note prints a line below the figure.
func (f *KernelsFigure) Note(s string) *KernelsFigure { f.base.note(s); return f }

// Theme sets the colours of the page it is drawn for. Default: Auto.
func (f *KernelsFigure) Theme(t Theme) *KernelsFigure { f.base.theme = t; return f }

// Width sets the width of the whole figure in pixels; the height follows.
func (f *KernelsFigure) Width(w int) *KernelsFigure { return f.Size(w, 0) }

// Size sets width and height of the whole figure in pixels, up to 4000 × 8000;
// 0 keeps the default.
func (f *KernelsFigure) Size(w, h int) *KernelsFigure { f.base.size(w, h); return f }
