package charts

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// KernelsFigure draws kernel matrices as maps. Made by Kernels.
type KernelsFigure struct {
	figure[*KernelsFigure]
	k kernelsBody
}

// Kernels draws kernel (Gram) matrices as square maps in a row, or in several
// rows when there are many: dark at zero, orange above, blue below. Each map
// has its own scale unless SharedScale is asked for. Where up to a hundredth
// of the entries (the diagonal, say) is more than twice as large as all others,
// the scale ends before them and a note says so; FullScale reaches the largest.
func Kernels() *KernelsFigure {
	f := &KernelsFigure{k: kernelsBody{limit: math.NaN(), ramp: Diverging}}
	f.init(f, &f.k)
	return f
}

// kernelMap is one map of the figure.
type kernelMap struct {
	name, caption string
	k             mat.Matrix
	n             int // rows
	per           int // rows of one example
	lo, hi        float64
	limit         float64 // of the scale
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
	ramp    Ramp
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

// Limit sets the colour scale to [−limit, limit] for all maps; entries beyond
// it take the end's colour, and a note says how many there are.
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

func (b *kernelsBody) prepare() ([]string, error) {
	errs := append([]error(nil), b.errs...)
	if len(b.maps) == 0 {
		if len(errs) == 0 {
			errs = append(errs, fmt.Errorf("charts: no kernels to draw: call Add(name, K) before Show"))
		}
		return nil, joined(errs)
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
		return nil, joined(errs)
	}
	return b.scale(), nil
}

// scale sets each map's colour scale, captions and the class boundaries, and
// returns notes.
func (b *kernelsBody) scale() []string {
	n, widest, missing := b.shown(), 0.0, 0
	for i := range b.maps {
		m := &b.maps[i]
		m.lo, m.hi, m.missing = math.Inf(1), math.Inf(-1), 0
		for r := range n {
			for c := range n {
				v := m.k.At(b.index(r), b.index(c))
				if !finite(v) {
					m.missing++
					continue
				}
				m.lo, m.hi = math.Min(m.lo, v), math.Max(m.hi, v)
			}
		}
		missing += m.missing
		m.limit = math.Max(math.Abs(m.lo), math.Abs(m.hi))
		if m.missing == n*n {
			m.lo, m.hi, m.limit = math.NaN(), math.NaN(), 1
		} else if !b.full && math.IsNaN(b.limit) {
			if most, top := b.bulk(m); m.limit > farBeyond*most && most > 0 {
				m.limit = top
			}
		}
		widest = math.Max(widest, m.limit)
	}
	if !math.IsNaN(b.limit) {
		widest = b.limit
	}
	for i := range b.maps {
		m := &b.maps[i]
		if b.shared {
			m.limit = widest
		}
		if m.limit == 0 {
			m.limit = 1
		}
		m.beyond = 0
		if math.Max(math.Abs(m.lo), math.Abs(m.hi)) > m.limit {
			for r := range n {
				for c := range n {
					if v := m.k.At(b.index(r), b.index(c)); finite(v) && math.Abs(v) > m.limit {
						m.beyond++
					}
				}
			}
		}
		if b.ref != nil && m.caption == "" {
			m.caption = fmt.Sprintf("similarity with %s: %s", b.refName, fixed(similarity(m.k, b.ref), 3))
		}
	}
	b.at = nil
	if b.labels != nil {
		per := b.maps[0].per
		for i := 1; i < n; i++ {
			if b.labels[b.index(i)/per] != b.labels[b.index(i-1)/per] {
				b.at = append(b.at, i)
			}
		}
		if len(b.at) > 24 { // unsorted labels: lines would hide the map
			b.at = nil
		}
	}
	var notes []string
	if missing > 0 {
		notes = append(notes, notFinite(missing, "entry", "left blank"))
	}
	beyond := []string{}
	for _, m := range b.maps {
		if m.beyond > 0 {
			far := m.hi
			if -m.lo > m.hi {
				far = m.lo
			}
			beyond = append(beyond, fmt.Sprintf("%s %d of %d, the farthest %s", m.name, m.beyond, n*n, formatNumber(far, 3)))
		}
	}
	if len(beyond) > 0 {
		notes = append(notes, "Entries beyond the colour scale, drawn in its end's colour: "+strings.Join(beyond, "; ")+".")
	}
	return notes
}

const (
	// bulkShare of a map's entries decide its colour scale, where the largest
	// entry is more than farBeyond times as large as they; what is larger by up
	// to a tenth is still shown.
	bulkShare, farBeyond, bulkRoom = 0.99, 2.0, 1.1
)

// bulk gives the absolute value that bulkShare of a map's finite entries do not
// exceed, and the largest within bulkRoom of it.
func (b *kernelsBody) bulk(m *kernelMap) (most, top float64) {
	n := b.shown()
	v := make([]float64, 0, n*n-m.missing)
	for r := range n {
		for c := range n {
			if x := m.k.At(b.index(r), b.index(c)); finite(x) {
				v = append(v, math.Abs(x))
			}
		}
	}
	most = smallest(v, int(math.Ceil(bulkShare*float64(len(v))))-1)
	top = most
	for _, x := range v {
		if x <= bulkRoom*most {
			top = math.Max(top, x)
		}
	}
	return most, top
}

// smallest gives the element with k smaller or equal ones before it in order,
// by quickselect (Hoare 1961); it reorders v.
func smallest(v []float64, k int) float64 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		pivot := v[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}

func fixed(v float64, digits int) string {
	if !finite(v) {
		return "not defined"
	}
	return minus(fmt.Sprintf("%.*f", digits, v))
}

func (b *kernelsBody) facts() []string {
	var out []string
	for _, m := range b.maps {
		s := fmt.Sprintf("kernel %s: %d × %d, entries from %s to %s", m.name, b.shown(), b.shown(), formatNumber(m.lo, 3), formatNumber(m.hi, 3))
		if m.caption != "" {
			s += ", " + m.caption
		}
		out = append(out, s)
	}
	return out
}
