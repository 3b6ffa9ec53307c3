package assignments

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"gonum.org/v1/gonum/mat"
)

// networkStructure decides on assignment 4: Theorem 2 of the paper for one hidden layer.
func networkStructure() exam.Assignment {
	return exam.Assignment{Name: "4_network_structure", Withheld: theLibrary(), Parts: []exam.Part{
		{ID: "gram", Points: 2, Function: "LayerGram", Signature: "func(delta, h, aat, bbt *mat.Dense) *mat.Dense", Checks: []exam.Check{
			{Name: "the Gram matrix between random transformations", Hint: "Multiply the two matrices of inner products entry by entry; AAᵀ belongs to δ and BBᵀ to h.", Run: checkLayerGram}}},
		{ID: "solution", Points: 2, Function: "Theta", Signature: "func(alpha []float64, delta, h, aat, bbt *mat.Dense) *mat.Dense", Checks: []exam.Check{
			{Name: "the sum of transformed gradients", Hint: "AAᵀ stands on the left of δ hᵀ and BBᵀ on its right.", Run: checkTheta}}},
		{ID: "stretch", Points: 1, Function: "Stretch", Signature: "func(sigma, lambda float64) float64", Checks: []exam.Check{
			{Name: "the root for random σ and λ", Hint: "σ² = λ t⁵(t−1); is the upper end of the search large enough?",
				Run: func(t *exam.Trial) error { return compareCurve(t, "stretch", layerFactor, 1e-8) }}}},
		{ID: "sides", Points: 2, Function: "Sides", Signature: "func(theta *mat.Dense, lambda float64) (a, b *mat.Dense)", Checks: []exam.Check{
			{Name: "A and B for random Θ", Hint: "Each singular value has a stretching of its own, on both sides: U makes A, V makes B.", Run: checkSides}}},
		{ID: "price", Points: 1, Function: "Price", Signature: "func(theta *mat.Dense, lambda float64) float64", Checks: []exam.Check{
			{Name: "the sum over all singular values", Hint: "Both factors are paid for.", Run: checkPrice}}},
		{ID: "alternate", Points: 3, Function: "Alternate", Signature: "func(delta, h *mat.Dense, y []float64, lambda float64, steps int) (theta *mat.Dense, prices []float64, err error)", Checks: []exam.Check{
			{Name: "Θ interpolates and prices never rise", Hint: "The Gram matrix needs AAᵀ and BBᵀ, not A and B.", Run: checkDescent},
			{Name: "Θ and prices after one and several steps", Hint: "The first step has A = B = I; a step's price is that of the Θ it has just made.", Run: checkAlternate}}},
		{ID: "slope", Points: 2, Function: "Slope", Signature: "func(theta *mat.Dense, lambda float64) *mat.Dense", Checks: []exam.Check{
			{Name: "it agrees with differences of the price", Hint: "ω̃′(σ) = 2σ/t⁴, and U diag(ω̃′) Vᵀ is m × d.", Run: checkSlope}}},
		{ID: "rank", Points: 1, Function: "EffectiveRank", Signature: "func(m *mat.Dense) float64", Checks: []exam.Check{
			{Name: "(Σσ²)²/Σσ⁴ of random matrices, 0 of zeros", Hint: "It is made of the squares of the singular values.", Run: checkEffectiveRank}}},
	}}
}

// byDefinition is K_ij = (δ_iᵀ AAᵀ δ_j)(h_iᵀ BBᵀ h_j), entry by entry.
func byDefinition(delta, h, aat, bbt *mat.Dense) *mat.Dense {
	n, _ := delta.Dims()
	k := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			k.Set(i, j, dot(delta.RawRowView(i), times(aat, delta.RawRowView(j)))*dot(h.RawRowView(i), times(bbt, h.RawRowView(j))))
		}
	}
	return k
}

func combination(alpha []float64, delta, h, aat, bbt *mat.Dense) *mat.Dense {
	_, m := delta.Dims()
	_, d := h.Dims()
	theta := mat.NewDense(m, d, nil)
	for i, a := range alpha {
		theta.RankOne(theta, a, mat.NewVecDense(m, times(aat, delta.RawRowView(i))), mat.NewVecDense(d, times(bbt, h.RawRowView(i))))
	}
	return theta
}

// singular gives the values and vectors of a matrix.
func singular(m *mat.Dense) (u, v *mat.Dense, values []float64) {
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDThin) {
		panic("assignments: no singular values of a finite matrix")
	}
	u, v = new(mat.Dense), new(mat.Dense)
	svd.UTo(u)
	svd.VTo(v)
	return u, v, svd.Values(nil)
}

// side is I + Σ (t_j − 1) of the outer products of columns.
func side(vectors *mat.Dense, values []float64, lambda float64) *mat.Dense {
	rows, _ := vectors.Dims()
	m := mat.NewDense(rows, rows, nil)
	for i := range rows {
		m.Set(i, i, 1)
	}
	for j, sigma := range values {
		m.RankOne(m, layerFactor(sigma, lambda)-1, vectors.ColView(j), vectors.ColView(j))
	}
	return m
}

func layerPrice(m *mat.Dense, lambda float64) float64 {
	_, _, values := singular(m)
	sum := 0.0
	for _, sigma := range values {
		sum += effectiveLayer(sigma, lambda)
	}
	return sum
}

func checkLayerGram(t *exam.Trial) error {
	for _, size := range [][3]int{{1, 1, 2}, {4, 3, 2}, {6, 2, 5}} {
		delta, h := t.Matrix(size[0], size[1]), t.Matrix(size[0], size[2])
		aat, bbt := timesTranspose(t.Matrix(size[1], size[1])), timesTranspose(t.Matrix(size[2], size[2]))
		var got *mat.Dense
		if err := t.Call([]any{&got}, delta, h, aat, bbt); err != nil {
			return err
		}
		if err := exam.NearMatrix("Gram matrix", got, byDefinition(delta, h, aat, bbt), 1e-9); err != nil {
			return err
		}
		if err := exam.PositiveSemidefinite("Gram matrix", got, 1e-9); err != nil {
			return err
		}
	}
	return nil
}

func checkTheta(t *exam.Trial) error {
	for _, size := range [][3]int{{1, 1, 2}, {4, 3, 2}, {6, 2, 5}} {
		alpha, delta, h := t.Normals(size[0]), t.Matrix(size[0], size[1]), t.Matrix(size[0], size[2])
		aat, bbt := timesTranspose(t.Matrix(size[1], size[1])), timesTranspose(t.Matrix(size[2], size[2]))
		var got *mat.Dense
		if err := t.Call([]any{&got}, alpha, delta, h, aat, bbt); err != nil {
			return err
		}
		if err := exam.NearMatrix("Θ", got, combination(alpha, delta, h, aat, bbt), 1e-9); err != nil {
			return err
		}
	}
	return nil
}

// overMatrices calls judge with random matrices, wide and high.
func overMatrices(t *exam.Trial, judge func(theta *mat.Dense, lambda float64) error) error {
	for _, size := range [][2]int{{1, 3}, {3, 3}, {2, 5}, {6, 3}} {
		if err := judge(t.Matrix(size[0], size[1]), math.Pow(10, t.Uniform(-2, 1))); err != nil {
			return err
		}
	}
	return nil
}

func checkSides(t *exam.Trial) error {
	return overMatrices(t, func(theta *mat.Dense, lambda float64) error {
		u, v, values := singular(theta)
		var a, b *mat.Dense
		if err := t.Call([]any{&a, &b}, theta, lambda); err != nil {
			return err
		}
		if err := exam.NearMatrix("A", a, side(u, values, lambda), 1e-7); err != nil {
			return err
		}
		return exam.NearMatrix("B", b, side(v, values, lambda), 1e-7)
	})
}

func checkPrice(t *exam.Trial) error {
	return overMatrices(t, func(theta *mat.Dense, lambda float64) error {
		return callPrice(t, theta, lambda, layerPrice(theta, lambda))
	})
}

func callPrice(t *exam.Trial, theta *mat.Dense, lambda, want float64) error {
	var got float64
	if err := t.Call([]any{&got}, theta, lambda); err != nil {
		return err
	}
	return exam.Near("price", got, want, 1e-8)
}

// drawLayer draws a task whose first Gram matrix is far from singular.
func drawLayer(t *exam.Trial) (delta, h *mat.Dense, y []float64, err error) {
	for range 100 {
		delta, h = t.Matrix(5, 3), t.Matrix(5, 4)
		if mat.Cond(byDefinition(delta, h, unit(3), unit(4)), 2) < 300 {
			return delta, h, t.Normals(5), nil
		}
	}
	return nil, nil, nil, errTooFewDraws
}

func unit(n int) *mat.Dense { return side(mat.NewDense(n, 1, nil), nil, 1) }

func checkDescent(t *exam.Trial) error {
	delta, h, y, err := drawLayer(t)
	if err != nil {
		return err
	}
	var theta *mat.Dense
	var prices []float64
	var failed error
	if err := t.Call([]any{&theta, &prices, &failed}, delta, h, y, t.Uniform(0.05, 0.5), 20); err != nil {
		return err
	}
	if failed != nil || len(prices) != 20 {
		return exam.Wrong("alternation: %d prices and the error %v, want 20", len(prices), failed)
	}
	if err := exam.Shape("Θ", theta, 3, 4); err != nil {
		return err
	}
	reached := make([]float64, len(y))
	for i := range y {
		reached[i] = dot(delta.RawRowView(i), times(theta, h.RawRowView(i)))
	}
	for i := range prices[1:] {
		if !(prices[i+1] <= prices[i]*(1+1e-8)) {
			return exam.Wrong("alternation: the price rises from %v to %v", prices[i], prices[i+1])
		}
	}
	return exam.NearAll("⟨G_i, Θ⟩", reached, y, 1e-6)
}

func checkAlternate(t *exam.Trial) error {
	for _, steps := range []int{1, 2, 6} {
		delta, h, y, err := drawLayer(t)
		if err != nil {
			return err
		}
		lambda := t.Uniform(0.05, 0.5)
		aat, bbt := unit(3), unit(4)
		var want *mat.Dense
		var costs []float64
		for range steps {
			var alpha mat.VecDense
			if err := alpha.SolveVec(byDefinition(delta, h, aat, bbt), mat.NewVecDense(len(y), y)); err != nil {
				return err
			}
			want = combination(alpha.RawVector().Data, delta, h, aat, bbt)
			costs = append(costs, layerPrice(want, lambda))
			u, v, values := singular(want)
			aat, bbt = timesTranspose(side(u, values, lambda)), timesTranspose(side(v, values, lambda))
		}
		var theta *mat.Dense
		var prices []float64
		var failed error
		if err := t.Call([]any{&theta, &prices, &failed}, delta, h, y, lambda, steps); err != nil {
			return err
		}
		if failed != nil {
			return exam.Wrong("alternation: the error %v", failed)
		}
		if err := exam.NearAll("prices", prices, costs, 1e-6); err != nil {
			return err
		}
		if err := exam.NearMatrix("Θ", theta, want, 1e-5); err != nil {
			return err
		}
	}
	return nil
}

func checkSlope(t *exam.Trial) error {
	return overMatrices(t, func(theta *mat.Dense, lambda float64) error {
		rows, columns := theta.Dims()
		var got *mat.Dense
		if err := t.Call([]any{&got}, theta, lambda); err != nil {
			return err
		}
		if err := exam.Shape("slope", got, rows, columns); err != nil {
			return err
		}
		price := func(x []float64) (float64, error) { return layerPrice(mat.NewDense(rows, columns, x), lambda), nil }
		return exam.GradientOf("slope", price, exam.Entries(theta), exam.Entries(got), 1e-4, 1e-4)
	})
}

func checkEffectiveRank(t *exam.Trial) error {
	for _, m := range []*mat.Dense{t.Matrix(1, 4), t.Matrix(3, 3), t.Matrix(6, 2), mat.NewDense(3, 2, nil)} {
		_, _, values := singular(m)
		squares, fourths, want := 0.0, 0.0, 0.0
		for _, s := range values {
			squares += s * s
			fourths += s * s * s * s
		}
		if squares > 0 {
			want = squares * squares / fourths
		}
		var got float64
		if err := t.Call([]any{&got}, m); err != nil {
			return err
		}
		if err := exam.Near("effective rank", got, want, 1e-9); err != nil {
			return err
		}
	}
	return nil
}
