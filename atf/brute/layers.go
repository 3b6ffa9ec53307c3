package brute

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Matrix is out × in of a layer's weights.
type Matrix struct{ Out, In int }

// Layers is Theorem 2 (Model A) in its first form, over all entries of all
// A_ℓ and B_ℓ: parameters are matrices Θ_ℓ ↦ A_ℓ Θ_ℓ B_ℓᵀ, with the same ω on
// every side, and A = I for the last. For given sides the best Θ_ℓ are those of
// ridgeless regression with the transformed features A_ℓᵀ G_iℓ B_ℓ, so that
// the price of the parameters is ŷᵀK⁻¹ŷ with the adapted kernel K, and eq. (4)
// becomes
//
//	min over all A_ℓ, B_ℓ of ŷᵀK⁻¹ŷ + Σ_ℓ Ω_ω(A_ℓ) + Ω_ω(B_ℓ).
//
// Features are n × P, the entries of the matrices one after the other and each
// row by row, as a network without biases has them; Targets is ŷ, n × 1.
type Layers struct {
	Features, Targets mat.Matrix
	Matrices          []Matrix
	Omega, Slope      func(s float64) float64 // ω and its derivative
}

// Sides are the transformations of all layers, with their price and the
// coefficients β_ℓ = A_ℓ Θ_ℓ B_ℓᵀ.
type Sides struct {
	Price      float64
	A, B, Beta []*mat.Dense
}

// SquareA is A_ℓA_ℓᵀ of layer l (from 0), which unlike A is determined by the
// problem.
func (s *Sides) SquareA(l int) *mat.Dense { return product(s.A[l], s.A[l].T()) }

// SquareB is B_ℓB_ℓᵀ.
func (s *Sides) SquareB(l int) *mat.Dense { return product(s.B[l], s.B[l].T()) }

// Best goes down from random sides, the identity and normal numbers of standard
// deviation 0.3, by BFGS with exact derivatives, and gives the cheapest end of
// several starts, always the same: the problem is not convex. Errors: shapes
// that do not fit; no penalty or no slope; no start; a search without result.
func (p Layers) Best(starts int) (*Sides, error) {
	if err := p.check(starts); err != nil {
		return nil, err
	}
	g := p.gradients()
	s := &Sides{}
	var free []*mat.Dense // the sides that may move
	for l, m := range p.Matrices {
		s.A, s.B = append(s.A, identity(m.Out)), append(s.B, identity(m.In))
		if l < len(p.Matrices)-1 {
			free = append(free, s.A[l])
		}
		free = append(free, s.B[l])
	}
	set := func(v []float64) {
		for _, side := range free {
			v = v[copy(side.RawMatrix().Data, v):]
		}
	}
	task := optimize.Problem{
		Func: func(v []float64) float64 { set(v); price, _, _ := p.price(g, s); return price },
		Grad: func(grad, v []float64) { set(v); _, grads, _ := p.price(g, s); copy(grad, gather(grads)) },
	}
	start, random := gather(free), rand.New(rand.NewPCG(1, 0))
	s.Price = math.Inf(1)
	var found []float64
	for k := range starts {
		from := make([]float64, len(start))
		for i := range from {
			from[i] = start[i] + 0.3*random.NormFloat64()
		}
		settings := &optimize.Settings{GradientThreshold: 1e-10, MajorIterations: 1000}
		result, err := optimize.Minimize(task, from, settings, &optimize.BFGS{})
		if result == nil {
			return nil, fmt.Errorf("brute: no result from start %d: %w", k, err)
		}
		// Where rounding ended the line search, err says so and the best point counts.
		if result.F < s.Price {
			s.Price, found = result.F, result.X
		}
	}
	if found == nil {
		return nil, fmt.Errorf("brute: none of %d starts ends at a finite price: the adapted kernel may be singular", starts)
	}
	set(found)
	_, _, s.Beta = p.price(g, s)
	return s, nil
}

func (p Layers) check(starts int) error {
	n, width := p.Features.Dims()
	total := 0
	for _, m := range p.Matrices {
		if m.Out < 1 || m.In < 1 {
			return fmt.Errorf("brute: a matrix of %d × %d: sizes must be positive", m.Out, m.In)
		}
		total += m.Out * m.In
	}
	r, c := p.Targets.Dims()
	switch {
	case total != width:
		return fmt.Errorf("brute: the matrices have %d entries and the features %d columns: give one matrix a layer, without biases", total, width)
	case r != n || c != 1:
		return fmt.Errorf("brute: the targets are %d × %d for %d × %d features: they must be %d × 1", r, c, n, width, n)
	case p.Omega == nil || p.Slope == nil:
		return fmt.Errorf("brute: set both Omega and its derivative Slope")
	case starts < 1:
		return fmt.Errorf("brute: %d starts: at least one is needed", starts)
	}
	return nil
}

// gradients are G_iℓ, out × in, by layer and example.
func (p Layers) gradients() [][]*mat.Dense {
	n, width := p.Features.Dims()
	all, from := make([][]*mat.Dense, len(p.Matrices)), 0
	for l, m := range p.Matrices {
		for i := range n {
			row := mat.Row(make([]float64, width), i, p.Features)
			all[l] = append(all[l], mat.NewDense(m.Out, m.In, row[from:from+m.Out*m.In]))
		}
		from += m.Out * m.In
	}
	return all
}

// price is ŷᵀK⁻¹ŷ plus the price of all sides, with the derivative by every
// side that may move, and β of each layer. It is +Inf where K is singular.
func (p Layers) price(g [][]*mat.Dense, s *Sides) (price float64, grads, beta []*mat.Dense) {
	n, _ := p.Targets.Dims()
	k := mat.NewDense(n, n, nil)
	for l := range g {
		transformed := make([]*mat.Dense, n)
		for i := range n {
			transformed[i] = product(s.A[l].T(), g[l][i], s.B[l])
			for j := range i + 1 {
				k.Set(i, j, k.At(i, j)+floats.Dot(transformed[i].RawMatrix().Data, transformed[j].RawMatrix().Data))
				k.Set(j, i, k.At(i, j))
			}
		}
	}
	alpha := mat.NewDense(n, 1, nil)
	if alpha.Solve(k, p.Targets) == nil {
		price = mat.Dot(alpha.ColView(0), mat.NewVecDense(n, mat.Col(nil, 0, p.Targets)))
	} else {
		price = math.Inf(1)
		alpha.Zero()
	}
	for l, m := range p.Matrices {
		z := mat.NewDense(m.Out, m.In, nil) // Σ_i α_i G_i
		for i := range n {
			var term mat.Dense
			term.Scale(alpha.At(i, 0), g[l][i])
			z.Add(z, &term)
		}
		aa, bb := s.SquareA(l), s.SquareB(l)
		beta = append(beta, product(aa, z, bb))
		if l < len(p.Matrices)-1 {
			dA := product(z, bb, z.T(), s.A[l])
			dA.Scale(-2, dA)
			price += p.side(s.A[l], dA)
			grads = append(grads, dA)
		}
		dB := product(z.T(), aa, z, s.B[l])
		dB.Scale(-2, dB)
		price += p.side(s.B[l], dB)
		grads = append(grads, dB)
	}
	return price, grads, beta
}

// side is Σ_j ω(s_j) of a matrix, and adds U diag(ω'(s)) Vᵀ to grad.
func (p Layers) side(m, grad *mat.Dense) (sum float64) {
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDFull) {
		return math.Inf(1)
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	s := svd.Values(nil)
	for j := range s {
		sum += p.Omega(s[j])
		s[j] = p.Slope(s[j])
	}
	grad.Add(grad, product(&u, mat.NewDiagDense(len(s), s), v.T()))
	return sum
}

func gather(from []*mat.Dense) (v []float64) {
	for _, m := range from {
		v = append(v, m.RawMatrix().Data...)
	}
	return v
}
