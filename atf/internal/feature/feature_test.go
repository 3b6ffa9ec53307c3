package feature

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// The blocks are compared with their columns written out one by one, and the
// weights with their entries.

func random(rng *rand.Rand, r, c int) blas64.General {
	m := linalg.New(r, c)
	for i := range m.Data {
		m.Data[i] = rng.NormFloat64()
	}
	return m
}

func symmetric(rng *rand.Rand, n int) blas64.General {
	f, m := random(rng, n, n), linalg.New(n, n)
	for i := range n {
		for j := range n {
			for k := range n {
				m.Data[i*n+j] += f.Data[i*n+k] * f.Data[j*n+k]
			}
		}
	}
	return m
}

// columns applies the block to the unit vectors: nC × out·in.
func columns(b Block, rows int) blas64.General {
	out, in := b.Shape()
	m := linalg.New(rows, out*in)
	for p := range out * in {
		e, g := make([]float64, out*in), make([]float64, rows)
		e[p] = 1
		b.Apply(e, g)
		for r, v := range g {
			m.Data[r*m.Stride+p] = v
		}
	}
	return m
}

// entries applies the weight to the unit vectors.
func entries(w Weight, out, in int) blas64.General {
	m := linalg.New(out*in, out*in)
	var s Scratch
	for p := range out * in {
		w.Mul(m.Data[p*m.Stride:(p+1)*m.Stride], out, in, &s) // W·0 = 0
		m.Data[p*m.Stride+p] = 1
		w.Mul(m.Data[p*m.Stride:(p+1)*m.Stride], out, in, &s)
	}
	return m
}

// between is G W Hᵀ by three loops.
func between(g, w, h blas64.General) blas64.General {
	k := linalg.New(g.Rows, h.Rows)
	for i := range g.Rows {
		for j := range h.Rows {
			for p := range g.Cols {
				for q := range g.Cols {
					k.Data[i*k.Stride+j] += g.Data[i*g.Stride+p] * w.Data[p*w.Stride+q] * h.Data[j*h.Stride+q]
				}
			}
		}
	}
	return k
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	size := 1 + floats.Norm(want, math.Inf(1))
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12*size {
			t.Fatalf("%s: entry %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

type pair struct {
	name     string
	a, b     Block
	explicit func(rows int) blas64.General // of a
}

const n, m, c, out, in = 5, 3, 2, 4, 6

var nodes = []float64{0.2, 0.5, 0.3}

func blocks(rng *rand.Rand) []pair {
	d, h, d2, h2 := random(rng, n*c, out), random(rng, n, in), random(rng, m*c, out), random(rng, m, in)
	imaged := convolutions(rng)
	g, g2 := random(rng, n*c, out*in), random(rng, m*c, out*in)
	return append(imaged, []pair{
		{"columns", NewColumns(g, 0.7, out, in), NewColumns(g2, 0.7, out, in), func(rows int) blas64.General {
			e := linalg.New(rows, out*in)
			for i, v := range g.Data {
				e.Data[i] = 0.7 * v
			}
			return e
		}},
		{"dense", NewDense(NewSignals(d, n, c, 1), h, nil, 0.7), NewDense(NewSignals(d2, m, c, 1), h2, nil, 0.7), func(rows int) blas64.General {
			e := linalg.New(rows, out*in)
			for r := range rows {
				for o := range out {
					for i := range in {
						e.Data[r*e.Stride+o*in+i] = 0.7 * d.Data[r*out+o] * h.Data[r/c*in+i]
					}
				}
			}
			return e
		}},
		{"kept dense", NewDense(NewSignals(d, n, c, 1), h, nil, 0.7).Keeping(), NewDense(NewSignals(d2, m, c, 1), h2, nil, 0.7).Keeping(), nil},
		{"average", NewDense(NewSignals(random(rng, 3*n*c, out), n, c, 3), random(rng, 3*n, in), nodes, 0.7),
			NewDense(NewSignals(random(rng, 3*m*c, out), m, c, 3), random(rng, 3*m, in), nodes, 0.7), nil},
		{"last layer", NewDense(UnitSignals(n, c), h, nil, 0.7), NewDense(UnitSignals(m, c), h2, nil, 0.7), nil},
		{"last bias", NewBias(UnitSignals(n, c), 0.7), NewBias(UnitSignals(m, c), 0.7), nil},
		{"bias", NewBias(NewSignals(d, n, c, 1), 0.7), NewBias(NewSignals(d2, m, c, 1), 0.7), func(rows int) blas64.General {
			e := linalg.New(rows, out)
			for i, v := range d.Data {
				e.Data[i] = 0.7 * v
			}
			return e
		}},
	}...)
}

// weightsOf are weights of every kind with their entries by definition.
func weightsOf(rng *rand.Rand, out, in int) map[string]struct {
	w  Weight
	at func(o, i, o2, i2 int) float64
} {
	l, r := symmetric(rng, out), symmetric(rng, in)
	beta := random(rng, out, in)
	diag := make([]float64, out*in)
	for i := range diag {
		diag[i] = rng.Float64()
	}
	one := func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	}
	left := func(o, o2 int) float64 { return l.Data[o*out+o2] }
	right := func(i, i2 int) float64 { return r.Data[i*in+i2] }
	low := func(i, i2 int) (v float64) { // βᵀ L β
		for a := range out {
			for b := range out {
				v += beta.Data[a*in+i] * left(a, b) * beta.Data[b*in+i2]
			}
		}
		return v
	}
	high := func(o, o2 int) (v float64) { // β R βᵀ
		for a := range in {
			for b := range in {
				v += beta.Data[o*in+a] * right(a, b) * beta.Data[o2*in+b]
			}
		}
		return v
	}
	type entry = struct {
		w  Weight
		at func(o, i, o2, i2 int) float64
	}
	return map[string]entry{
		"scalar":      {Scalar(0.3), func(o, i, o2, i2 int) float64 { return 0.3 * one(o, o2) * one(i, i2) }},
		"identity":    {Scalar(1), func(o, i, o2, i2 int) float64 { return one(o, o2) * one(i, i2) }},
		"coordinates": {Coordinates(diag), func(o, i, o2, i2 int) float64 { return diag[o*in+i] * one(o, o2) * one(i, i2) }},
		"both sides":  {Sides{Matrix(l), Matrix(r)}, func(o, i, o2, i2 int) float64 { return left(o, o2) * right(i, i2) }},
		"left":        {Sides{Matrix(l), Unchanged{}}, func(o, i, o2, i2 int) float64 { return left(o, o2) * one(i, i2) }},
		"right":       {Sides{Unchanged{}, Matrix(r)}, func(o, i, o2, i2 int) float64 { return one(o, o2) * right(i, i2) }},
		"no side":     {Sides{Unchanged{}, Unchanged{}}, func(o, i, o2, i2 int) float64 { return one(o, o2) * one(i, i2) }},
		"corrected left": {Corrected{Own: l, M: l, Beta: beta, OnLeft: true}, func(o, i, o2, i2 int) float64 {
			return left(o, o2)*one(i, i2) + one(o, o2)*low(i, i2)
		}},
		"corrected right": {Corrected{Own: r, M: r, Beta: beta}, func(o, i, o2, i2 int) float64 {
			return one(o, o2)*right(i, i2) + high(o, o2)*one(i, i2)
		}},
	}
}

func TestWeights(t *testing.T) {
	for name, e := range weightsOf(rand.New(rand.NewPCG(1, 0)), out, in) {
		want := linalg.New(out*in, out*in)
		for p := range out * in {
			for q := range out * in {
				want.Data[p*want.Stride+q] = e.at(p/in, p%in, q/in, q%in)
			}
		}
		near(t, name, entries(e.w, out, in).Data, want.Data)
	}
}

func TestBlocks(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for _, p := range blocks(rng) {
		out, in := p.a.Shape()
		g, h := columns(p.a, n*c), columns(p.b, m*c)
		written := linalg.New(n*c, out*in)
		p.a.Write(written)
		near(t, p.name+": Write", written.Data, g.Data)
		if p.explicit != nil {
			near(t, p.name+": Apply", g.Data, p.explicit(n*c).Data)
		}

		alpha, got, want := random(rng, 1, n*c).Data, make([]float64, out*in), make([]float64, out*in)
		p.a.Adjoint(alpha, got)
		for r, a := range alpha {
			floats.AddScaled(want, a, g.Data[r*g.Stride:(r+1)*g.Stride])
		}
		near(t, p.name+": Adjoint", got, want)

		for name, e := range weightsOf(rng, out, in) {
			w := entries(e.w, out, in)
			var s Scratch
			k := linalg.New(n*c, n*c)
			for range 2 { // the second finds what the first kept
				clear(k.Data)
				p.a.Gram(e.w, k, &s)
			}
			linalg.MirrorUpper(k)
			near(t, fmt.Sprintf("%s: Gram with %s", p.name, name), k.Data, between(g, w, g).Data)
			cross := linalg.New(n*c, m*c)
			p.a.Cross(p.b, e.w, cross, &s)
			near(t, fmt.Sprintf("%s: Cross with %s", p.name, name), cross.Data, between(g, w, h).Data)
			if p.a.Bytes(e.w) <= 0 {
				t.Errorf("%s with %s takes %d bytes", p.name, name, p.a.Bytes(e.w))
			}
		}
	}
}

func TestScatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for _, p := range blocks(rng) {
		out, in := p.a.Shape()
		g := columns(p.a, n*c)
		beta, column := random(rng, 1, out*in).Data, make([]int, out*in)
		for i := range column {
			column[i] = i%4 - 1 // −1 for none
		}
		got, want := linalg.New(n*c, 3), linalg.New(n*c, 3)
		p.a.Scatter(beta, column, got)
		for r := range n * c {
			for q, k := range column {
				if k >= 0 {
					want.Data[r*3+k] += g.Data[r*g.Stride+q] * beta[q]
				}
			}
		}
		near(t, p.name, got.Data, want.Data)
	}
}

func TestShapesPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"columns": func() { NewColumns(linalg.New(2, 5), 1, 2, 3) },
		"dense":   func() { NewDense(NewSignals(linalg.New(4, 2), 2, 2, 1), linalg.New(3, 3), nil, 1) },
		"cross of kinds": func() {
			var s Scratch
			d := NewSignals(linalg.New(2, 2), 2, 1, 1)
			NewBias(d, 1).Cross(NewDense(d, linalg.New(2, 1), nil, 1), Scalar(1), linalg.New(2, 2), &s)
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// Averages over nodes are the weighted sums of their nodes, and unit signals
// those of a last layer.
func TestAveragesAndUnits(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	d, h := random(rng, 3*n*c, out), random(rng, 3*n, in)
	got := columns(NewDense(NewSignals(d, n, c, 3), h, nodes, 0.7), n*c)
	want := linalg.New(n*c, out*in)
	for at, w := range nodes {
		one := columns(NewDense(NewSignals(linalg.Rows(d, at*n*c, (at+1)*n*c), n, c, 1), linalg.Rows(h, at*n, (at+1)*n), nil, 0.7), n*c)
		floats.AddScaled(want.Data, w, one.Data)
	}
	near(t, "average", got.Data, want.Data)

	eye := linalg.New(n*c, c)
	for r := range n * c {
		eye.Data[r*c+r%c] = 1
	}
	x := linalg.Rows(h, 0, n)
	near(t, "unit signals", columns(NewDense(UnitSignals(n, c), x, nil, 0.7), n*c).Data, columns(NewDense(NewSignals(eye, n, c, 1), x, nil, 0.7), n*c).Data)
	near(t, "unit bias", columns(NewBias(UnitSignals(n, c), 0.7), n*c).Data, columns(NewBias(NewSignals(eye, n, c, 1), 0.7), n*c).Data)
}
