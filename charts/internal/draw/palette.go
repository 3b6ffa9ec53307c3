package draw

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SetPalette gives the names of series their colours: the first name the first
// colour of the palette, and so on.
func (p *Pane) SetPalette(names []string) {
	switch {
	case len(names) > seriesColors:
		p.Failf("a palette names %d series, but there are %d colours: name those that must keep theirs", len(names), seriesColors)
		return
	case slices.Contains(names, ""):
		p.Failf("name %d of the palette is empty", slices.Index(names, "")+1)
		return
	}
	for i, n := range names {
		if k := slices.Index(names, n); k < i {
			p.Failf("names %d and %d of the palette are both %q", k+1, i+1, n)
			return
		}
	}
	p.palette = slices.Clone(names)
}

// begins is true where a name is another one, or that with something added:
// "layer 1, M = I" begins with "layer 1". K₀, K̂, K_M and λ = 0.5 are not K and
// λ = 0 with something added.
func begins(name, other string) bool {
	rest, ok := strings.CutPrefix(name, other)
	if !ok || other == "" {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return !unicode.In(next, unicode.Letter, unicode.Number, unicode.Mark) && next != '_' && next != '.'
}

// listed is the place in the palette of a name, or of the longest one that it
// begins with; −1 for none.
func (p *Pane) listed(name string) int {
	best := -1
	for k, n := range p.palette {
		if begins(name, n) && (best < 0 || len(n) > len(p.palette[best])) {
			best = k
		}
	}
	return best
}

// paintByName gives all marks the colours that the palette names, and marks
// that it does not name the colours that it leaves over.
func (p *Pane) paintByName() {
	for _, l := range p.Looks {
		l.named = 0
	}
	if len(p.palette) == 0 {
		return
	}
	place, alike := map[int]int{}, map[string]string{}
	for _, l := range p.Looks {
		k := p.listed(l.Name)
		if l.Ink != "" || k < 0 {
			continue
		}
		if l.auto {
			l.Dash = "" // its name says enough
		}
		// Two marks that nothing else tells apart do not share a colour.
		kind := fmt.Sprint(k, l.Dash, l.Cloud)
		if other, ok := alike[kind]; ok && other != l.Name {
			continue
		}
		alike[kind] = l.Name
		l.named = k + 1
		if _, ok := place[l.Color]; !ok {
			place[l.Color] = k
		}
	}
	free := p.leftOver()
	for _, l := range p.Looks {
		if l.Ink != "" || l.named > 0 {
			continue
		}
		k, ok := place[l.Color]
		if !ok {
			k, free = free[0], append(free[1:], free[0])
			place[l.Color] = k
		}
		l.named = k + 1
	}
}

// leftOver are the colours for what the palette does not name: those after its
// names, then those of names that the plot does not draw, then all others.
func (p *Pane) leftOver() []int {
	var after, absent, rest []int
	for k := range seriesColors {
		used := slices.ContainsFunc(p.Looks, func(l *Look) bool { return l.named == k+1 })
		switch {
		case used:
			rest = append(rest, k)
		case k < len(p.palette):
			absent = append(absent, k)
		default:
			after = append(after, k)
		}
	}
	return slices.Concat(after, absent, rest)
}
