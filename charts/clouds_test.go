package charts

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

var symbolPlace = regexp.MustCompile(`<path[^>]*transform="matrix\(([^,]+),[^,]+,[^,]+,([^,]+),([^,]+),([^,)]+)\)"[^>]*>`)

// symbolsIn are the symbols of a picture: place, size and everything else.
func symbolsIn(svg string) (at [][4]float64, looks map[string]bool) {
	looks = map[string]bool{}
	for _, m := range symbolPlace.FindAllStringSubmatch(svg, -1) {
		var v [4]float64
		for k := range v {
			v[k], _ = strconv.ParseFloat(m[k+1], 64)
		}
		at = append(at, v)
		looks[strings.Replace(m[0], m[3]+","+m[4], "", 1)] = true
	}
	slices.SortFunc(at, func(a, b [4]float64) int { return slices.Compare(a[2:], b[2:]) })
	return at, looks
}

// A large series, whose symbol is drawn once and repeated, has its symbols where
// the drawing library puts those of a small one, in the same look.
func TestRepeatedSymbolsStandWhereTheyShould(t *testing.T) {
	needECharts(t)
	const n = 60
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = 1+10*float64(i), 3+math.Exp(float64(i%17)/3)
	}
	y[7] = math.NaN()
	twice := func(v []float64) []float64 { return slices.Concat(v, v) }
	for name, plot := range map[string]func(x, y []float64) *Plot{
		"points": func(x, y []float64) *Plot { return Scatter().Add("a", x, y) },
		"second": func(x, y []float64) *Plot { return Scatter().Add("b", ramp(2), ramp(2)).Add("a", x, y).LogLog() },
		"rings":  func(x, y []float64) *Plot { return Scatter().Mark("a", x, y) },
		"marked": func(x, y []float64) *Plot { return Lines().AddMarked("a", x, y).LogY() },
		"cut":    func(x, y []float64) *Plot { return Lines().AddMarked("a", x, y).YRange(10, 50).XRange(100, 300) },
		"dark":   func(x, y []float64) *Plot { return Scatter().Add("a", x, y).Theme(Dark) },
		"diamond": func(x, y []float64) *Plot {
			return Scatter().Add("b", ramp(2), ramp(2)).Add("c", ramp(2), ramp(2)).Add("a", x, y)
		},
	} {
		few, err := plot(x, y).SVG()
		if err != nil {
			t.Fatal(err)
		}
		many, err := plot(twice(x), twice(y)).SVG()
		if err != nil {
			t.Fatal(err)
		}
		a, looks := symbolsIn(few)
		b, other := symbolsIn(many)
		small := 0 // of the other series, not repeated
		if name == "second" {
			small = 2
		} else if name == "diamond" {
			small = 4
		}
		if len(a) < 5 || len(b) != 2*len(a)-small {
			t.Errorf("%s: %d symbols, %d when all come twice", name, len(a), len(b))
			continue
		}
		for l := range looks {
			if !other[l] {
				t.Errorf("%s: no symbol looks like %s, but %v", name, l, other)
			}
		}
		for _, p := range a {
			if !slices.ContainsFunc(b, func(q [4]float64) bool {
				return math.Abs(p[2]-q[2]) < 0.06 && math.Abs(p[3]-q[3]) < 0.06 && p[0] == q[0] && p[1] == q[1]
			}) {
				t.Errorf("%s: no symbol at %v", name, p)
			}
		}
		if strings.Contains(many, "gonb-atf-cloud") {
			t.Errorf("%s: a colour's stand-in is left", name)
		}
	}
	// Points between gaps have a symbol of their own.
	gaps := slices.Clone(twice(twice(twice(y))))
	for i := range gaps {
		if i%2 == 1 {
			gaps[i] = math.NaN()
		}
	}
	svg, err := Lines().Add("a", ramp(len(gaps)), gaps).SVG()
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, v := range gaps {
		if draw.Finite(v) {
			want++
		}
	}
	if at, _ := symbolsIn(svg); len(at)+strings.Count(svg, "h0") != want {
		t.Errorf("%d lone points, want %d", len(at)+strings.Count(svg, "h0"), want)
	}
}
