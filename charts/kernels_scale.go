package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

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
				if !draw.Finite(v) {
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
	b.chooseRamp()
	for i := range b.maps {
		m := &b.maps[i]
		if b.shared {
			m.limit = widest
		}
		if m.limit == 0 {
			m.limit = 1
		}
		m.from, m.beyond = -m.limit, 0
		if !slices.Equal(b.ramp, draw.DivergingScale) {
			m.from = 0
		}
		if m.hi > m.limit || m.below(m.lo) {
			for r := range n {
				for c := range n {
					if v := m.k.At(b.index(r), b.index(c)); draw.Finite(v) && (v > m.limit || m.below(v)) {
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
		notes = append(notes, draw.NotFinite(missing, "entry", "left blank"))
	}
	beyond := []string{}
	for _, m := range b.maps {
		if m.beyond > 0 {
			far := m.hi
			if m.below(m.lo) && (-m.lo > m.hi || m.hi <= m.limit) {
				far = m.lo
			}
			beyond = append(beyond, fmt.Sprintf("%s %d of %d, the farthest %s", m.name, m.beyond, n*n, draw.FormatNumber(far, 3)))
		}
	}
	if len(beyond) > 0 {
		notes = append(notes, "Entries beyond the colour scale, drawn in its end's colour: "+strings.Join(beyond, "; ")+".")
	}
	return notes
}

// dust is how far below zero, beside the largest entry, rounding may put what
// is not negative.
const dust = 1e-12

// chooseRamp takes the colours that were asked for, else those that serve the
// entries of all maps.
func (b *kernelsBody) chooseRamp() {
	b.ramp = b.asked
	if b.ramp != nil {
		return
	}
	b.ramp = draw.SequentialScale
	finite := false
	for _, m := range b.maps {
		finite = finite || !math.IsNaN(m.lo)
		if m.lo < -dust*m.hi || m.lo < 0 && m.hi <= 0 {
			b.ramp = draw.DivergingScale
		}
	}
	if !finite {
		b.ramp = draw.DivergingScale
	}
}

// below is true for entries under the lower end of the map's scale.
func (m *kernelMap) below(v float64) bool { return v < m.from-dust*m.limit }

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
			if x := m.k.At(b.index(r), b.index(c)); draw.Finite(x) {
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
