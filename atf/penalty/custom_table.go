package penalty

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// With q = 1 − 1/s² the effective penalty is a Legendre transform,
//
//	ω̃(v) = v² − sup over q of (v²q − ω),
//
// so it depends on the lower convex hull of the points (q, ω) alone, and η(v) is
// where a line of slope v² touches that hull from below. The table holds points
// of ω and their hull; a search for η(v) is then a search among the slopes of
// the hull's edges, global by construction, and one refinement between the
// neighbours of the point found (see custom_search.go).
//
// What lies between two points cannot be seen, but ω rises, so it is no lower
// than the corner (q of the right point, ω of the left one). Where such a corner
// lies below the hull, the stretch could hold a minimum that the points do not
// show, and it is looked at in quarters, again and again, until it is smooth:
// short in log s, and with chords that only get steeper, or only less steep, and
// that by no more than a factor. A smooth stretch that still hid a step would
// make ω̃ too high by 2Δlog s of a quarter at the most, which is 2 %.
type table struct {
	e, w []float64 // s − 1 and ω, from s = 1 on; w is finite
	wall float64   // the first point of the grid where ω overflows, or 0

	hull  []int     // the points on the hull, and of the edges between them
	edges []float64 // their slopes

	smooth []bool // while the table is made: the stretch from i to i+1 is smooth
}

// run is the difference of q between two points, without cancellation.
func (t *table) run(i, j int) float64 {
	a, b := 1+t.e[i], 1+t.e[j]
	return (t.e[j] - t.e[i]) / (a * a) * ((a + b) / (b * b))
}

// runOfSquares is the difference of s² between two points.
func (t *table) runOfSquares(i, j int) float64 {
	return (t.e[j] - t.e[i]) * (2 + t.e[i] + t.e[j])
}

// lowerHull is the lower convex hull of the points from..., for the abscissa
// whose differences run gives (Andrew's monotone chain, Inf. Process. Lett. 9,
// 1979).
func (t *table) lowerHull(hull []int, from int, run func(i, j int) float64) []int {
	chord := func(i, j int) float64 { return (t.w[j] - t.w[i]) / run(i, j) }
	hull = append(hull[:0], 0)
	for j := max(1, from); j < len(t.e); j++ {
		for n := len(hull); n > 1 && chord(hull[n-2], hull[n-1]) >= chord(hull[n-1], j); n-- {
			hull = hull[:n-1]
		}
		hull = append(hull, j)
	}
	return hull
}

// Limits of the table.
const (
	longest   = 0.04    // length of a stretch in log s, next to the hull
	steepest  = 4       // ratio of the chords' slopes within a stretch
	exactness = 1e-10   // of ω̃, relative: a corner less deep is left
	endOfJump = 1e-6    // relative length in s − 1 where η jumps
	points    = 1 << 16 // at most
)

// refine looks at stretches of ω until none can hide a minimum. What is smaller
// than noise counts as rounding errors of ω.
func (t *table) refine(p *custom, noise float64) error {
	t.smooth = make([]bool, len(t.e))
	for range 100 {
		t.hull = t.lowerHull(t.hull, 0, t.run)
		split, err := t.round(p, noise)
		if err != nil {
			return err
		}
		if !split {
			t.edges = t.edges[:0]
			for h := range len(t.hull) - 1 {
				a, b := t.hull[h], t.hull[h+1]
				t.edges = append(t.edges, t.chord(a, b))
			}
			t.smooth = nil
			return nil
		}
	}
	return t.tooFine(p, len(t.e)-2)
}

func (t *table) tooFine(p *custom, i int) error {
	return &ShapeError{
		Name:   p.name,
		Reason: fmt.Sprintf("changes too finely for a search that misses no minimum: %d points do not resolve it, the last of them", len(t.e)),
		S:      []float64{1 + t.e[i], 1 + t.e[i+1]}, Values: []float64{t.w[i], t.w[i+1]},
	}
}

// chord is the slope of ω over q between two points.
func (t *table) chord(i, j int) float64 { return (t.w[j] - t.w[i]) / t.run(i, j) }

// tolerance is the part of ω̃(v) that counts as nothing, where v² is the slope of
// an edge of the hull that begins at the point a.
func (t *table) tolerance(a int, slope, noise float64) float64 {
	s := 1 + t.e[a]
	return exactness*(slope/(s*s)+t.w[a]) + noise
}

// jumps tells for each edge of the hull, counted from 1, whether η jumps there
// from one end to the other: a point in between lies above it. The edges before
// the first and after the last are none.
func (t *table) jumps(noise float64) []bool {
	jump := make([]bool, len(t.hull)+1)
	for h := range len(t.hull) - 1 {
		a, b := t.hull[h], t.hull[h+1]
		k := t.chord(a, b)
		for i := a + 1; i < b && !jump[h+1]; i++ {
			jump[h+1] = t.w[i]-(t.w[a]+k*t.run(a, i)) > t.tolerance(a, k, max(noise, 1e-14*t.w[i]))
		}
	}
	return jump
}

// round splits every stretch that needs it into quarters.
func (t *table) round(p *custom, noise float64) (split bool, err error) {
	var next table
	jump := t.jumps(noise)
	h := 0 // the edge of the hull above or below the stretch
	for i := range t.e {
		next.add(t.e[i], t.w[i], t.smooth[i])
		if i == 0 || i == len(t.e)-1 {
			continue // below the grid ω is taken as a power, see belowGrid
		}
		for h+2 < len(t.hull) && t.hull[h+1] <= i {
			h++
		}
		a, b := t.hull[h], t.hull[h+1]
		k := t.chord(a, b)
		tolerance := t.tolerance(a, k, max(noise, 1e-14*t.w[i]))
		if depth := t.w[a] + k*t.run(a, i+1) - t.w[i]; !(depth > tolerance) {
			continue
		}
		// The points next to the ends of a jump of η.
		atEnd := i == a && (jump[h+1] || jump[h]) || i+1 == b && (jump[h+1] || jump[h+2])
		long := math.Log1p((t.e[i+1]-t.e[i])/(1+t.e[i])) > longest ||
			atEnd && t.e[i+1]-t.e[i] > endOfJump*t.e[i+1]
		if !long && t.smooth[i] {
			continue
		}
		es, ws := t.quarters(p, i)
		if err := t.ordered(p, i, es, ws); err != nil {
			return false, err
		}
		if !long && isSmooth(es, ws, tolerance) {
			next.smooth[len(next.smooth)-1] = true
			continue
		}
		next.smooth[len(next.smooth)-1] = false
		for j := 1; j < 4; j++ {
			next.add(es[j], ws[j], false)
		}
		split = true
		if len(next.e) > points {
			return false, t.tooFine(p, i)
		}
	}
	t.e, t.w, t.smooth = next.e, next.w, next.smooth
	return split, nil
}

func (t *table) add(e, w float64, smooth bool) {
	t.e, t.w, t.smooth = append(t.e, e), append(t.w, w), append(t.smooth, smooth)
}

// quarters are the points that cut the stretch from i in four, and its ends.
func (t *table) quarters(p *custom, i int) (es, ws [5]float64) {
	lo, hi := t.e[i], t.e[i+1]
	for j := range es {
		part := float64(j) / 4
		if hi > 1.05*lo {
			es[j] = lo * math.Pow(hi/lo, part)
		} else {
			es[j] = lo + (hi-lo)*part
		}
		ws[j] = p.cost(es[j])
	}
	es[0], es[4], ws[0], ws[4] = lo, hi, t.w[i], t.w[i+1]
	return es, ws
}

// ordered asks that ω rises over the quarters, within rounding errors as in
// climb.
func (t *table) ordered(p *custom, i int, es, ws [5]float64) error {
	for j := 1; j < 5; j++ {
		if math.IsNaN(ws[j]) || math.IsInf(ws[j], 0) {
			return &ShapeError{Name: p.name, Reason: "is not finite and continuous to the right of 1",
				S: []float64{1 + es[j-1], 1 + es[j]}, Values: []float64{ws[j-1], ws[j]}}
		}
		if ws[j] < ws[j-1]-1e-12*max(ws[j-1], p.omega(1)) {
			return &ShapeError{Name: p.name, Reason: "is not strictly quasi-convex with its minimum at 1, it falls to the right of 1",
				S: []float64{1 + es[j-1], 1 + es[j]}, Values: []float64{ws[j-1], ws[j]}}
		}
	}
	return nil
}

// isSmooth tells whether the four chords get steeper only, or less steep only,
// within the tolerance, and not too much so.
func isSmooth(es, ws [5]float64, tolerance float64) bool {
	steeper, flatter := true, true
	lowest, highest := math.Inf(1), 0.0
	var last, slack float64
	for j := range 4 {
		a, b := 1+es[j], 1+es[j+1]
		run := (es[j+1] - es[j]) / (a * a) * ((a + b) / (b * b))
		k := (ws[j+1] - ws[j]) / run
		slack = tolerance / run
		if j > 0 {
			steeper = steeper && k >= last-slack
			flatter = flatter && k <= last+slack
		}
		lowest, highest, last = min(lowest, k), max(highest, k), k
	}
	return (steeper || flatter) && highest <= steepest*lowest+slack
}

// tabulate fills the table and the fingerprint, and makes sure that ω grows
// enough for v²/s² + ω(s) to have a minimiser.
func (p *custom) tabulate(first int) error {
	n := (lastDecade-first)*perDecade + 1
	print := fingerprint.New("penalty.custom/1").String(p.name).Int(first)
	p.e, p.w = append(p.e, 0), append(p.w, 0)
	for i := range n {
		e := gridPoint(first, i)
		w := p.cost(e)
		print.Float(w)
		switch {
		case p.wall > 0:
		case math.IsInf(w, 1):
			p.wall = e
		default:
			p.e, p.w = append(p.e, e), append(p.w, w)
		}
	}
	p.print = print.Sum()
	last := gridPoint(first, n-1)
	p.turnLast, p.ratioLast = p.turn(last), p.rise(last)/(1+last)
	if p.wall > 0 || math.IsNaN(p.turnLast) {
		p.turnLast, p.ratioLast = math.Inf(1), math.Inf(1)
	}
	if p.turnLast < 1e20 {
		before := gridPoint(first, n-2)
		return &ShapeError{
			Name: p.name, Reason: fmt.Sprintf("grows too slowly: s³ω'(s)/2 stays at %.3g, so that v²/s² + ω(s) has no minimiser for larger v²", p.turnLast),
			S: []float64{1 + before, 1 + last}, Values: []float64{p.cost(before), p.cost(last)},
		}
	}
	for i := range p.start {
		p.start[i] = p.turn(gridPoint(first, i))
	}
	p.power = math.Log(p.start[1]/p.start[0]) / math.Log(gridPoint(first, 1)/gridPoint(first, 0))
	if p.slope != nil {
		if err := p.checkSlope(first); err != nil {
			return err
		}
	}
	if err := p.refine(p, p.noise()); err != nil {
		return err
	}
	p.convex = p.convexInSquares(first)
	return nil
}

// noise is the size of the rounding errors of ω near s = 1, where functions such
// as cosh(e) − 1 have those of their terms: what 17 points, so close together
// that ω is a straight line there, depart from one.
func (p *custom) noise() float64 {
	noise := 1e-15 * p.omega(1)
	for _, e := range []float64{1e-8, 1e-6, 1e-4, 1e-2} {
		const spacing = 1.0 / (1 << 26)
		first, last := p.omega(e), p.omega(e+16*spacing*e)
		for j := 1.0; j < 16; j++ {
			off := p.omega(e+j*spacing*e) - first - (last-first)*(j/16)
			noise = max(noise, 10*math.Abs(off))
		}
	}
	return noise
}

// convexInSquares: ω̃ is convex exactly where ω is convex as a function of s²,
// that is, all points lie on their hull over s². A height of 1e-9 of ω above it
// counts as a rounding error; taken for convex, ω̃ and the conjugate of its
// conjugate would differ by as little. Differences near s = 1 are noise where ω
// is a function of s.
func (p *custom) convexInSquares(first int) bool {
	from := 1
	if first == byValue {
		for from < len(p.e)-1 && p.e[from] <= 1e-6 {
			from++
		}
	}
	hull := p.lowerHull(nil, from, p.runOfSquares)
	h := 0
	for i := from; i < len(p.e); i++ {
		for h+2 < len(hull) && hull[h+1] <= i {
			h++
		}
		a, b := hull[h], hull[h+1]
		line := p.w[a] + (p.w[b]-p.w[a])*(p.runOfSquares(a, i)/p.runOfSquares(a, b))
		if p.w[i]-line > 1e-9*p.w[i] {
			return false
		}
	}
	return true
}
