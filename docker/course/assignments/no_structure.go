package assignments

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"gonum.org/v1/gonum/mat"
)

// noStructure decides on assignment 3: Theorem 1 of the paper, from ridgeless regression
// to the adapted kernel.
func noStructure() exam.Assignment {
	return exam.Assignment{Name: "3_no_structure", Withheld: theLibrary(), Parts: []exam.Part{
		{ID: "coefficients", Points: 2, Function: "Coefficients", Signature: "func(k *mat.Dense, y []float64) ([]float64, error)", Checks: []exam.Check{
			{Name: "K α = y for random Gram matrices", Hint: "Solve the linear system; no ridge.", Run: checkCoefficients},
			{Name: "an error for a singular matrix", Hint: "What does the solver say of a matrix with two equal rows?", Run: checkSingular}}},
		{ID: "beta", Points: 2, Function: "Beta", Signature: "func(features *mat.Dense, y []float64) []float64", Checks: []exam.Check{
			{Name: "β interpolates", Hint: "F β = y at every input.", Run: func(t *exam.Trial) error { return checkBeta(t, false) }},
			{Name: "β is the shortest", Hint: "The shortest solution is a combination of the rows of F.", Run: func(t *exam.Trial) error { return checkBeta(t, true) }}}},
		{ID: "difficulty", Points: 2, Function: "Difficulty", Signature: "func(k *mat.Dense, y []float64) float64", Checks: []exam.Check{
			{Name: "the norm of β from K and y", Hint: "‖Fᵀα‖² = αᵀKα, and Kα = y. It is the norm that is asked for, not its square.", Run: checkDifficulty}}},
		{ID: "scale", Points: 1, Function: "Scale", Signature: "func(v, lambda float64) float64", Checks: []exam.Check{
			{Name: "the root for random v and λ", Hint: "v² = λ s³(s−1); is the upper end of the search large enough?",
				Run: func(t *exam.Trial) error { return compareCurve(t, "scale", etaSquared, 1e-8) }}}},
		{ID: "transformation", Points: 2, Function: "Transformation", Signature: "func(beta []float64, lambda float64) *mat.Dense", Checks: []exam.Check{
			{Name: "M stretches β by s and nothing else", Hint: "Only the direction of β is stretched: divide by the square of its length.", Run: checkTransformation},
			{Name: "M of β = 0 is the identity", Hint: "Dividing by a length of 0 gives NaN.", Run: checkNoTransformation}}},
		{ID: "adapted", Points: 2, Function: "Adapted", Signature: "func(k *mat.Dense, y []float64, lambda float64) *mat.Dense", Checks: []exam.Check{
			{Name: "symmetric and positive semidefinite", Hint: "A positive multiple of y yᵀ is added to K.", Run: checkAdaptedDefinite},
			{Name: "its values are those of F M Mᵀ Fᵀ", Hint: "At a training input g is the target; the weight is (s²−1)/‖β‖².", Run: checkAdapted}}},
		{ID: "cross", Points: 2, Function: "AdaptedCross", Signature: "func(cross, k *mat.Dense, y []float64, lambda float64) *mat.Dense", Checks: []exam.Check{
			{Name: "the adapted kernel between new and training inputs", Hint: "g at a new input is its prediction by ridgeless regression, g at a training input the target.", Run: checkAdaptedCross}}},
		{ID: "alignment", Points: 1, Function: "Alignment", Signature: "func(k *mat.Dense, y []float64) float64", Checks: []exam.Check{
			{Name: "the cosine of K and y yᵀ", Hint: "⟨K, y yᵀ⟩ = yᵀKy and ‖y yᵀ‖ = ‖y‖²; do not centre.", Run: checkAlignment}}},
	}}
}

// regression is a random task of n inputs with more features than inputs.
type regression struct {
	features, k *mat.Dense
	y, beta     []float64
	norm        float64 // ‖β‖
}

// drawRegression draws features far from dependent, so that rounding cannot decide.
func drawRegression(t *exam.Trial, n, features int) (regression, error) {
	for range 100 {
		r := regression{features: t.Matrix(n, features), y: t.Normals(n)}
		r.k = timesTranspose(r.features)
		if mat.Cond(r.k, 2) > 1e4 {
			continue
		}
		var alpha, beta mat.VecDense
		if err := alpha.SolveVec(r.k, mat.NewVecDense(n, r.y)); err != nil {
			return r, err
		}
		beta.MulVec(r.features.T(), &alpha)
		r.beta = beta.RawVector().Data
		r.norm = mat.Norm(&beta, 2)
		return r, nil
	}
	return regression{}, errTooFewDraws
}

// times is a matrix times a vector.
func times(m *mat.Dense, x []float64) []float64 {
	rows, _ := m.Dims()
	y := make([]float64, rows)
	for i := range y {
		y[i] = dot(m.RawRowView(i), x)
	}
	return y
}

// overRegressions calls judge with random tasks of several sizes.
func overRegressions(t *exam.Trial, judge func(r regression, n int) error) error {
	for _, size := range [][2]int{{1, 2}, {3, 6}, {5, 12}, {8, 30}} {
		r, err := drawRegression(t, size[0], size[1])
		if err != nil {
			return err
		}
		if err := judge(r, size[0]); err != nil {
			return err
		}
	}
	return nil
}

func checkCoefficients(t *exam.Trial) error {
	return overRegressions(t, func(r regression, n int) error {
		var got []float64
		var failed error
		if err := t.Call([]any{&got, &failed}, r.k, r.y); err != nil {
			return err
		}
		if failed != nil || len(got) != n {
			return exam.Wrong("coefficients: %d numbers and the error %v, want %d", len(got), failed, n)
		}
		return exam.NearAll("K α", times(r.k, got), r.y, 1e-7)
	})
}

// checkSingular uses small whole numbers, for which elimination meets an exact zero.
func checkSingular(t *exam.Trial) error {
	row := []float64{float64(1 + t.IntN(3)), float64(1 + t.IntN(3)), 1}
	k := mat.NewDense(4, 4, nil)
	for i := range 4 {
		k.Set(i, i, 4)
	}
	for _, i := range []int{1, 2} {
		for _, j := range []int{1, 2} {
			k.Set(i, j, row[0])
		}
	}
	var got []float64
	var failed error
	if err := t.Call([]any{&got, &failed}, k, []float64{row[1], 1, -1, row[2]}); err != nil {
		return err
	}
	if failed == nil {
		return exam.Wrong("coefficients: %v without an error for a singular matrix", got)
	}
	return nil
}

func checkBeta(t *exam.Trial, shortest bool) error {
	return overRegressions(t, func(r regression, n int) error {
		var got []float64
		if err := t.Call([]any{&got}, r.features, r.y); err != nil {
			return err
		}
		if len(got) != len(r.beta) {
			return exam.Wrong("β: %d numbers, want %d", len(got), len(r.beta))
		}
		if shortest {
			return exam.NearAll("β", got, r.beta, 1e-7)
		}
		return exam.NearAll("F β", times(r.features, got), r.y, 1e-7)
	})
}

func checkDifficulty(t *exam.Trial) error {
	return overRegressions(t, func(r regression, n int) error {
		var got float64
		if err := t.Call([]any{&got}, r.k, r.y); err != nil {
			return err
		}
		return exam.Near("‖β‖", got, r.norm, 1e-7)
	})
}

func checkTransformation(t *exam.Trial) error {
	for _, n := range []int{1, 2, 5} {
		beta, lambda := t.Normals(n), math.Pow(10, t.Uniform(-2, 1))
		square := dot(beta, beta)
		want := mat.NewDense(n, n, nil)
		s := etaSquared(math.Sqrt(square), lambda)
		for p := range n {
			for q := range n {
				want.Set(p, q, (s-1)*beta[p]*beta[q]/square)
			}
			want.Set(p, p, want.At(p, p)+1)
		}
		var got *mat.Dense
		if err := t.Call([]any{&got}, beta, lambda); err != nil {
			return err
		}
		if err := exam.NearMatrix("M", got, want, 1e-7); err != nil {
			return err
		}
	}
	return nil
}

func checkNoTransformation(t *exam.Trial) error {
	var got *mat.Dense
	if err := t.Call([]any{&got}, make([]float64, 4), t.Uniform(0.5, 2)); err != nil {
		return err
	}
	return exam.NearMatrix("M", got, mat.NewDense(4, 4, []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}), 1e-12)
}

func checkAdaptedDefinite(t *exam.Trial) error {
	return overRegressions(t, func(r regression, n int) error {
		var got *mat.Dense
		if err := t.Call([]any{&got}, r.k, r.y, t.Uniform(0.1, 2)); err != nil {
			return err
		}
		if err := exam.Shape("adapted Gram matrix", got, n, n); err != nil {
			return err
		}
		return exam.PositiveSemidefinite("adapted Gram matrix", got, 1e-9)
	})
}

// adapt adds (s²−1)/‖β‖² g hᵀ to a kernel's matrix.
func (r regression) adapt(k *mat.Dense, g, h []float64, lambda float64) *mat.Dense {
	s := etaSquared(r.norm, lambda)
	adapted := mat.DenseCopyOf(k)
	for i := range g {
		for j := range h {
			adapted.Set(i, j, k.At(i, j)+(s*s-1)/(r.norm*r.norm)*g[i]*h[j])
		}
	}
	return adapted
}

func checkAdapted(t *exam.Trial) error {
	return overRegressions(t, func(r regression, n int) error {
		var got, same *mat.Dense
		lambda := math.Pow(10, t.Uniform(-2, 1))
		if err := t.Call([]any{&got}, r.k, r.y, lambda); err != nil {
			return err
		}
		if err := exam.NearMatrix("adapted Gram matrix", got, r.adapt(r.k, r.y, r.y, lambda), 1e-7); err != nil {
			return err
		}
		if err := t.Call([]any{&same}, r.k, make([]float64, n), lambda); err != nil {
			return err
		}
		return exam.NearMatrix("adapted Gram matrix of targets 0", same, r.k, 1e-12)
	})
}

func checkAdaptedCross(t *exam.Trial) error {
	return overRegressions(t, func(r regression, n int) error {
		_, p := r.features.Dims()
		inputs := t.Matrix(n+2, p)
		var cross, got, same *mat.Dense
		cross = new(mat.Dense)
		cross.Mul(inputs, r.features.T())
		lambda := math.Pow(10, t.Uniform(-2, 1))
		if err := t.Call([]any{&got}, cross, r.k, r.y, lambda); err != nil {
			return err
		}
		if err := exam.NearMatrix("adapted kernel", got, r.adapt(cross, times(inputs, r.beta), r.y, lambda), 1e-7); err != nil {
			return err
		}
		if err := t.Call([]any{&same}, cross, r.k, make([]float64, n), lambda); err != nil {
			return err
		}
		return exam.NearMatrix("adapted kernel of targets 0", same, cross, 1e-12)
	})
}

func checkAlignment(t *exam.Trial) error {
	err := overRegressions(t, func(r regression, n int) error {
		var got float64
		if err := t.Call([]any{&got}, r.k, r.y); err != nil {
			return err
		}
		want := dot(r.y, times(r.k, r.y)) / (math.Sqrt(dot(exam.Entries(r.k), exam.Entries(r.k))) * dot(r.y, r.y))
		return exam.Near("alignment", got, want, 1e-9)
	})
	if err != nil {
		return err
	}
	var got float64
	if err := t.Call([]any{&got}, t.Matrix(2, 2), []float64{0, 0}); err != nil {
		return err
	}
	return exam.Near("alignment of targets 0", got, 0, 1e-12)
}
