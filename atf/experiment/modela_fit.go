package experiment

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// A modelA is a transformation of one layer's gradients by Model A,
// c Aᵀ G_i B = c (Aᵀδ_i)(Bᵀh_i)ᵀ: Θ ↦ AΘBᵀ of Theorem 2 leads from the features
// G_i to these. The number c stands beside A and B so that a ridge can draw them
// to the identity.
type modelA struct {
	c    float64
	a, b *mat.Dense // out × out, in × in
}

// identities is A = B = I with the number c.
func (p *layerPairs) identities(c float64) modelA {
	_, in, out := p.size()
	return modelA{c, identity(out), identity(in)}
}

func identity(n int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

// apply gives the factors c Aᵀδ_i and Bᵀh_i of the examples.
func (m modelA) apply(p *layerPairs) (u, v *mat.Dense) {
	u, v = &mat.Dense{}, &mat.Dense{}
	u.Mul(p.d, m.a)
	u.Scale(m.c, u)
	v.Mul(p.h, m.b)
	return u, v
}

// scale is the number c with which c·(the model's gradients) is nearest to Ḡ.
func (m modelA) scale(p *layerPairs) (float64, error) {
	m.c = 1
	u, v := m.apply(p)
	size := 0.0
	for i := range p.norms {
		size += floats.Dot(u.RawRowView(i), u.RawRowView(i)) * floats.Dot(v.RawRowView(i), v.RawRowView(i))
	}
	if size == 0 {
		return 0, fmt.Errorf("experiment: Model A on trial: layer %d, counted from 0, has gradients 0 at the start at all examples: its units are dead", p.layer)
	}
	return floats.Sum(p.inner(u, v)) / size, nil
}

// The alternation ends when a round of two solves lowers the objective by less
// than this share, or after so many rounds. To compare ridges takes less.
const (
	alternationTolerance = 1e-6
	comparisonTolerance  = 1e-4
	alternationRounds    = 200
)

// alternate minimises
//
//	Σ_i ‖Ḡ_i − c Aᵀ G_i B‖² + ρ_A ‖A − I‖² + ρ_B ‖B − I‖²
//
// over A and B in turn, from the model's B (and A where A stays as it is): each
// step is a linear least-squares problem and is solved exactly, so that the
// objective cannot rise. ρ_A and ρ_B are the ridge times the mean eigenvalue of
// the step's matrix of normal equations at A = B = I. The trace has the objective
// after every step.
func (m modelA) alternate(p *layerPairs, ridge, tolerance float64) (modelA, []float64, error) {
	d := mat.DenseCopyOf(p.d)
	d.Scale(m.c, d)
	n, in, out := p.size()
	mass, size := 0.0, floats.Sum(p.norms)
	for i := range n {
		mass += floats.Dot(d.RawRowView(i), d.RawRowView(i)) * floats.Dot(p.h.RawRowView(i), p.h.RawRowView(i))
	}
	rhoA, rhoB := ridge*mass/float64(out), ridge*mass/float64(in)
	var trace []float64
	// objective has left = Ḡ_iᵀu_i at hand, which gives ⟨Ḡ_i, u_i v_iᵀ⟩.
	objective := func(u, v, left *mat.Dense) {
		sum := size
		for i := range n {
			ui, vi := u.RawRowView(i), v.RawRowView(i)
			sum += floats.Dot(ui, ui)*floats.Dot(vi, vi) - 2*floats.Dot(left.RawRowView(i), vi)
		}
		trace = append(trace, max(sum, 0)+rhoA*fromIdentity(m.a)+rhoB*fromIdentity(m.b))
	}
	u, v := m.apply(p)
	last := math.Inf(1)
	for range alternationRounds {
		var err error
		if !p.last {
			if m.a, err = pulled(d, v, p.right(v), rhoA); err != nil {
				return m, trace, fmt.Errorf("experiment: Model A on trial: A of layer %d: %w", p.layer, err)
			}
			u.Mul(d, m.a)
		}
		left := p.left(u)
		if !p.last {
			objective(u, v, left)
		}
		if m.b, err = pulled(p.h, u, left, rhoB); err != nil {
			return m, trace, fmt.Errorf("experiment: Model A on trial: B of layer %d: %w", p.layer, err)
		}
		v.Mul(p.h, m.b)
		objective(u, v, left)
		now := trace[len(trace)-1]
		if p.last || last-now <= tolerance*now {
			break
		}
		last = now
	}
	return m, trace, nil
}

// pulled is the X that minimises Σ_i ‖r_i − ‖w_i‖² Xᵀx_i‖²/‖w_i‖² + ρ‖X − I‖²
// for rows x_i of x, r_i of r and w_i of w, with ρ > 0: with x_i = δ_i, w_i = Bᵀh_i
// and r_i = Ḡ_iw_i the step for A, with x_i = h_i, w_i = Aᵀδ_i and r_i = Ḡ_iᵀw_i
// that for B. It is the ridge regression of r_i/‖w_i‖ − ‖w_i‖x_i on ‖w_i‖x_i, in
// its primal or dual form, whichever is smaller.
func pulled(x, w, r *mat.Dense, rho float64) (*mat.Dense, error) {
	n, size := x.Dims()
	f, g := mat.DenseCopyOf(x), mat.DenseCopyOf(r)
	for i := range n {
		length := floats.Norm(w.RawRowView(i), 2)
		fi, gi := f.RawRowView(i), g.RawRowView(i)
		floats.Scale(length, fi)
		if length == 0 { // then r_i is 0 too, and the example says nothing
			clear(gi)
			continue
		}
		floats.Scale(1/length, gi)
		floats.Sub(gi, fi)
	}
	var step mat.Dense
	if size <= n {
		var right mat.Dense
		right.Mul(f.T(), g)
		if err := solveRidge(&step, f.T(), &right, rho); err != nil {
			return nil, err
		}
	} else {
		var dual mat.Dense
		if err := solveRidge(&dual, f, g, rho); err != nil {
			return nil, err
		}
		step.Mul(f.T(), &dual)
	}
	for i := range size {
		step.Set(i, i, step.At(i, i)+1)
	}
	return &step, nil
}

// solveRidge solves (FFᵀ + ρI) X = R.
func solveRidge(x *mat.Dense, f mat.Matrix, r *mat.Dense, rho float64) error {
	k, _ := f.Dims()
	gram := mat.NewSymDense(k, nil)
	gram.SymOuterK(1, f)
	return solveShifted(x, gram, r, rho)
}

// solveShifted solves (K + ρI) X = R; K is overwritten.
func solveShifted(x *mat.Dense, k *mat.SymDense, r *mat.Dense, rho float64) error {
	for i := range k.SymmetricDim() {
		k.SetSym(i, i, k.At(i, i)+rho)
	}
	var chol mat.Cholesky
	if !chol.Factorize(k) {
		return fmt.Errorf("the normal equations with ridge %.3g are not positive definite: choose larger ridges", rho)
	}
	if err := chol.SolveTo(x, r); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return err
		}
		return fmt.Errorf("the normal equations with ridge %.3g are too badly conditioned (%w): choose larger ridges", rho, err)
	}
	return nil
}

// fromIdentity is ‖X − I‖².
func fromIdentity(x *mat.Dense) (sum float64) {
	n, _ := x.Dims()
	for i := range n {
		for j, v := range x.RawRowView(i) {
			if i == j {
				v--
			}
			sum += v * v
		}
	}
	return sum
}

// disturbed is the model with B moved away from the identity by a random matrix as
// large as the identity. The alternation finds A first.
func (m modelA) disturbed(rng *rand.Rand) modelA {
	n, _ := m.b.Dims()
	b := identity(n)
	for i := range n {
		for j := range b.RawRowView(i) {
			b.Set(i, j, b.At(i, j)+rng.NormFloat64()/math.Sqrt(float64(n)))
		}
	}
	m.b = b
	return m
}
