package atf

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// The direct method: eq. (4) minimised by a general optimiser over the
// transformations themselves. It shares no code with the solver.

// A unit is a matrix of coefficients Θ ↦ AΘBᵀ on some columns of G, row by row.
// A side without a family is the identity. A full M is a unit of one column
// with a left side, a diagonal one a unit for each coefficient.
type unit struct {
	cols    []int
	out, in int
	a, b    *family
}

// side is a side of a unit with its place among the unknowns.
type directSide struct {
	fam *family
	n   int
	at  int
}

type direct struct {
	g     *mat.Dense
	yhat  []float64
	rho   float64 // squared loss ‖·‖²/ρ, 0 for interpolation
	units []unit
	sides [][2]directSide
	size  int
}

func newDirect(g *mat.Dense, yhat []float64, rho float64, units []unit) *direct {
	d := &direct{g: g, yhat: yhat, rho: rho, units: units}
	for _, u := range units {
		var pair [2]directSide
		for k, f := range []*family{u.a, u.b} {
			n := []int{u.out, u.in}[k]
			pair[k] = directSide{fam: f, n: n, at: d.size}
			if f != nil {
				d.size += n * n
			}
		}
		d.sides = append(d.sides, pair)
	}
	return d
}

func eye(n int) *mat.Dense { return mat.DenseCopyOf(mat.NewDiagDense(n, ones(n))) }

func product(ms ...mat.Matrix) *mat.Dense {
	out := mat.DenseCopyOf(ms[0])
	for _, m := range ms[1:] {
		var next mat.Dense
		next.Mul(out, m)
		out = &next
	}
	return out
}

// matrix is the side itself.
func (s directSide) matrix(x []float64) *mat.Dense {
	if s.fam == nil {
		return eye(s.n)
	}
	l := mat.NewDense(s.n, s.n, x[s.at:s.at+s.n*s.n])
	if s.fam.lift == 0 {
		return mat.DenseCopyOf(l)
	}
	n := product(l, l.T())
	m := mat.DenseCopyOf(n)
	for range s.fam.lift - 1 {
		m = product(m, n)
	}
	m.Add(m, eye(s.n))
	return m
}

// penalise gives Ω of the side and adds its gradient, and that of the rest of
// the objective given with respect to the side's matrix, to grad.
func (s directSide) penalise(x []float64, rest *mat.Dense, grad []float64) float64 {
	if s.fam == nil {
		return 0
	}
	l := mat.NewDense(s.n, s.n, x[s.at:s.at+s.n*s.n])
	var svd mat.SVD
	if !svd.Factorize(l, mat.SVDFull) {
		return math.Inf(1)
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	total := 0.0
	slopes := svd.Values(nil)
	for j, q := range slopes {
		m := float64(2 * s.fam.lift)
		sv, chain := q, 1.0
		if m > 0 {
			sv, chain = 1+math.Pow(q, m), m*math.Pow(q, m-1)
		}
		total += s.fam.value(sv)
		if slopes[j] = 0; chain != 0 {
			slopes[j] = chain * s.fam.slope(sv)
		}
	}
	out := mat.NewDense(s.n, s.n, grad[s.at:s.at+s.n*s.n])
	out.Add(out, product(&u, mat.NewDiagDense(s.n, slopes), v.T()))
	if s.fam.lift == 0 {
		out.Add(out, rest)
		return total
	}
	sym := mat.DenseCopyOf(rest)
	sym.Add(sym, rest.T())
	sym.Scale(0.5, sym)
	n := product(l, l.T())
	for k := range s.fam.lift {
		term := mat.DenseCopyOf(sym)
		for range k {
			term = product(n, term)
		}
		for range s.fam.lift - 1 - k {
			term = product(term, n)
		}
		term.Scale(2, product(term, l))
		out.Add(out, term)
	}
	return total
}

// columns is G restricted to the unit.
func (d *direct) columns(u unit) *mat.Dense {
	rows, _ := d.g.Dims()
	m := mat.NewDense(rows, len(u.cols), nil)
	for j, c := range u.cols {
		for i := range rows {
			m.Set(i, j, d.g.At(i, c))
		}
	}
	return m
}

// rowGradient is row r of the unit's features as a matrix.
func rowGradient(cols *mat.Dense, u unit, r int) *mat.Dense {
	return mat.NewDense(u.out, u.in, append([]float64(nil), cols.RawRowView(r)...))
}

// evaluate gives min over θ of eq. (4) at the transformations x, its gradient,
// and the multipliers α with θ = MᵀGᵀα.
func (d *direct) evaluate(x, grad []float64) (value float64, alpha []float64) {
	rows, _ := d.g.Dims()
	k := mat.NewSymDense(rows, nil)
	for i := range rows {
		k.SetSym(i, i, d.rho)
	}
	as, bs, gs := make([]*mat.Dense, len(d.units)), make([]*mat.Dense, len(d.units)), make([]*mat.Dense, len(d.units))
	for i, u := range d.units {
		as[i], bs[i] = d.sides[i][0].matrix(x), d.sides[i][1].matrix(x)
		gs[i] = d.columns(u)
		moved := mat.NewDense(rows, len(u.cols), nil)
		for r := range rows {
			moved.SetRow(r, product(as[i].T(), rowGradient(gs[i], u, r), bs[i]).RawMatrix().Data)
		}
		var part mat.SymDense
		part.SymOuterK(1, moved)
		k.AddSym(k, &part)
	}
	clear(grad)
	var chol mat.Cholesky
	if !chol.Factorize(k) {
		return math.Inf(1), nil
	}
	var a mat.VecDense
	_ = chol.SolveVecTo(&a, mat.NewVecDense(rows, d.yhat)) // an ill-conditioned point is only a bad one
	alpha = a.RawVector().Data
	for r, y := range d.yhat {
		value += y * alpha[r]
	}
	for i, u := range d.units {
		var zv mat.VecDense
		zv.MulVec(gs[i].T(), &a)
		z := mat.NewDense(u.out, u.in, zv.RawVector().Data)
		ga := product(z, bs[i], bs[i].T(), z.T(), as[i])
		gb := product(z.T(), as[i], as[i].T(), z, bs[i])
		ga.Scale(-2, ga)
		gb.Scale(-2, gb)
		value += d.sides[i][0].penalise(x, ga, grad)
		value += d.sides[i][1].penalise(x, gb, grad)
	}
	return value, alpha
}

// found is where the direct method ended.
type found struct {
	objective float64
	x, beta   []float64
	aa, bb    []*mat.Dense // AAᵀ and BBᵀ of every unit
}

func (d *direct) start(src *rand.Rand, spread float64) []float64 {
	x := make([]float64, d.size)
	for _, pair := range d.sides {
		for _, s := range pair {
			if s.fam == nil {
				continue
			}
			for i := range s.n * s.n {
				x[s.at+i] = spread * src.NormFloat64() / math.Sqrt(float64(s.n))
				if s.fam.lift == 0 && i%(s.n+1) == 0 {
					x[s.at+i]++
				}
			}
		}
	}
	return x
}

// descend minimises from x.
func (d *direct) descend(x []float64) found {
	scratch := make([]float64, d.size)
	if d.size > 0 {
		p := optimize.Problem{
			Func: func(x []float64) float64 { v, _ := d.evaluate(x, scratch); return v },
			Grad: func(grad, x []float64) { d.evaluate(x, grad) },
		}
		set := &optimize.Settings{GradientThreshold: 1e-9, MajorIterations: 4000,
			Converger: &optimize.FunctionConverge{Absolute: 1e-15, Relative: 1e-15, Iterations: 60}}
		// A line search that rounding ends is no failure: the place counts.
		for range 2 {
			if r, _ := optimize.Minimize(p, x, set, &optimize.BFGS{}); r != nil && len(r.X) > 0 {
				x = r.X
			}
		}
	}
	value, alpha := d.evaluate(x, scratch)
	f := found{objective: value, x: x}
	_, cols := d.g.Dims()
	f.beta = make([]float64, cols)
	if alpha == nil {
		return f
	}
	for i, u := range d.units {
		a, b := d.sides[i][0].matrix(x), d.sides[i][1].matrix(x)
		f.aa, f.bb = append(f.aa, product(a, a.T())), append(f.bb, product(b, b.T()))
		var zv mat.VecDense
		zv.MulVec(d.columns(u).T(), mat.NewVecDense(len(alpha), alpha))
		z := mat.NewDense(u.out, u.in, zv.RawVector().Data)
		for j, v := range product(f.aa[i], z, f.bb[i]).RawMatrix().Data {
			f.beta[u.cols[j]] = v
		}
	}
	return f
}

// best is the best end of several starts, some far from the identity.
func (d *direct) best(seed uint64, starts int) found {
	best := found{objective: math.Inf(1)}
	for k := range starts {
		spread := []float64{0.1, 0.6, 1.5}[k%3]
		if f := d.descend(d.start(source2(seed, uint64(k)), spread)); f.objective < best.objective {
			best = f
		}
	}
	return best
}

// span of coefficients from lo to hi.
func columns(lo, hi int) []int {
	var c []int
	for i := lo; i < hi; i++ {
		c = append(c, i)
	}
	return c
}

// fullUnit is a full M on the given columns.
func fullUnit(f *family, cols []int) unit {
	return unit{cols: cols, out: len(cols), in: 1, a: f}
}

// singles are the units of a diagonal M.
func singles(f *family, cols []int) []unit {
	var us []unit
	for _, c := range cols {
		us = append(us, fullUnit(f, []int{c}))
	}
	return us
}
