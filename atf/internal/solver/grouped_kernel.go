package solver

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

func (p *grouped) Describe(beta []float64) (Description, error) {
	d := Description{Scales: make([]float64, p.groups), Theta: clone(beta)}
	d.Norms, d.Effective = p.norms(beta)
	for g, v := range d.Norms {
		d.Scales[g] = 1 + p.pen.Excess(v)
		d.Omega += p.pen.Value(d.Scales[g])
		d.Effective += p.pen.Effective(v)
	}
	for i, b := range beta {
		if g := p.group(i); g >= 0 && b != 0 {
			d.Theta[i] /= d.Scales[g]
		}
	}
	return d, nil
}

// singles says which groups have a single coefficient: there M is a number.
func (p *grouped) singles() []bool {
	count := make([]int, p.groups)
	for _, g := range p.member {
		if g >= 0 {
			count[g]++
		}
	}
	single := make([]bool, p.groups)
	for g, c := range count {
		single[g] = c == 1
	}
	return single
}

// AddKernel adds, with M_g = I + (s_g − 1)β_gβ_gᵀ/‖β_g‖², the kernel of the
// features themselves and the rank-one parts of Theorem 1,
// Σ_g (s_g² − 1)/‖β_g‖² · g_g(x) g_g(x')ᵀ with g_g(x) = ∇f(x)ᵀβ_g. For a penalty
// with its minimum at 0 there is no I, and s_g² in place of s_g² − 1. Groups of a
// single coefficient have the weight s_g².
func (p *grouped) AddKernel(k blas64.General, d Description, beta []float64, a, b []feature.Block, symmetric bool, s *feature.Scratch) {
	base, single := p.pen.Minimum(), p.singles()
	at := 0
	for i, size := range p.sizes {
		addKernel(k, p.plain(d, single, base, at, size), a[i], b[i], symmetric, s)
		at += size
	}
	column := make([]int, p.groups) // of the groups that count, or −1
	var groups []int
	for g := range column {
		column[g] = -1
		if single[g] || d.Norms[g] == 0 || d.Scales[g] == base {
			continue
		}
		column[g] = len(groups)
		groups = append(groups, g)
	}
	if len(groups) == 0 {
		return
	}
	ga, gb := p.fits(beta, a, column, len(groups), k.Rows), p.fits(beta, b, column, len(groups), k.Cols)
	for j, g := range groups {
		f := (d.Scales[g]*d.Scales[g] - base) / (d.Norms[g] * d.Norms[g])
		for r := range ga.Rows {
			ga.Data[r*ga.Stride+j] *= f
		}
	}
	var buf []float64
	linalg.AddCross(1, ga, gb, &buf, k)
}

// plain is M Mᵀ on the coefficients from at on, without the rank-one parts.
func (p *grouped) plain(d Description, single []bool, base float64, at, size int) feature.Weight {
	if p.member == nil {
		return feature.Scalar(base)
	}
	coords, trivial := make([]float64, size), true
	for i := range coords {
		coords[i] = 1
		if g := p.member[at+i]; g >= 0 && single[g] {
			coords[i] = d.Scales[g] * d.Scales[g]
		} else if g >= 0 {
			coords[i] = base
		}
		trivial = trivial && coords[i] == 1
	}
	if trivial {
		return feature.Scalar(1)
	}
	return feature.Coordinates(coords)
}

// fits is G_gβ_g for every group with a column.
func (p *grouped) fits(beta []float64, blocks []feature.Block, column []int, cols, rows int) blas64.General {
	out := linalg.New(rows, cols)
	at := 0
	for k, size := range p.sizes {
		own := beta[at : at+size]
		if p.member == nil {
			v := make([]float64, rows)
			blocks[k].Apply(own, v)
			for r, x := range v {
				out.Data[r*cols+column[0]] += x
			}
		} else {
			to := make([]int, size)
			for i := range to {
				to[i] = -1
				if g := p.member[at+i]; g >= 0 {
					to[i] = column[g]
				}
			}
			blocks[k].Scatter(own, to, out)
		}
		at += size
	}
	return out
}
