package charts_test

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/charts"
	"gonum.org/v1/gonum/mat"
)

// print writes what a figure holds, as front ends without pictures show it.
func print(text string, err error) {
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(text)
}

func ExampleKernels() {
	k := mat.NewSymDense(3, []float64{2, 1, -1, 1, 2, -1, -1, -1, 2})
	y := []float64{1, 1, -1}
	label := mat.NewSymDense(3, nil)
	label.SymOuterK(1, mat.NewDense(3, 1, y))
	print(charts.Kernels().Add("K₀", k).Add("K_ŷ", label).Order([]int{2, 0, 1}).Classes(y).SharedScale().
		SimilarityTo("K_ŷ", label).Title("Kernels").Text())
	// Output:
	// Kernels
	//   kernel K₀: 3 × 3, entries from −1 to 2, similarity with K_ŷ: 0.943
	//   kernel K_ŷ: 3 × 3, entries from −1 to 1, similarity with K_ŷ: 1.000
}

func ExampleLines() {
	x := []float64{1, 2, 3}
	print(charts.Lines().Add("a", x, []float64{1, math.NaN(), 9}).X("time", "s").Y("growth").Title("Lines").Text())
	fmt.Println(charts.Lines().Add("a", x, []float64{1, 2}).Show())
	// Output:
	// Lines
	//   a: 3 points, time [s] from 1 to 3, growth from 1 to 9
	// One value is not finite (NaN or ±∞) and is left out.
	// charts: lines "a" has 3 x values and 2 y values
}

func ExampleScatter() {
	y, k := []float64{-1, 0.1, 1}, []float64{6, 30, 7}
	print(charts.Scatter().Add("training images", y, k).Mark("support vectors", y[1:2], k[1:2]).X("y").Y("K̄(x,x)").Text())
	// Output:
	// Figure
	//   training images: 3 points, y from −1 to 1, K̄(x,x) from 6 to 30
	//   support vectors: 1 points, y from 0.1 to 0.1, K̄(x,x) from 30 to 30
}

func ExampleHistory() {
	print(charts.History().Add("training", []float64{1, 0.1, 0.01}).Title("Training").Text())
	// Output:
	// Training
	//   training: 3 points, epoch from 1 to 3, loss from 0.01 to 1
}

func ExamplePenalties() {
	print(charts.Penalties().Penalty("ω̃₁", penalty.Squared(1)).Over(0, 5).Text())
	// Output:
	// Figure
	//   ω̃₁: 251 points, v from 0 to 5, ω̃(v) from 0 to 6.247
	//   v²: 251 points, v from 0 to 5, ω̃(v) from 0 to 25
}

func ExampleSpectra() {
	print(charts.Spectra().Add("K₀", []float64{1, 4, 2}).Normalized().Text())
	// Output:
	// Figure
	//   K₀: 3 points, number from 1 to 3, value / largest from 0.25 to 1
}

// The residuals of a solve come through its progress reports, the objectives
// with its solution.
func ExampleConvergence_solver() {
	set := atf.Must(data.SparseLinear(20, 40, 3).Seed(1).Load())
	var residuals []float64
	watch := func(r atf.Report) {
		if !r.Ended {
			residuals = append(residuals, r.Value)
		}
	}
	s := atf.Must(atf.FromFeatures(set.X).Targets(set.Y).Diagonal(penalty.Squared(0.1)).Progress(watch).Solve())
	_, err := charts.Convergence().Objective("objective", s.Objective).Add("stationarity", residuals).Tolerance(1e-6).Text()
	fmt.Println(len(residuals) == len(s.Objective), err)
	// Output: true <nil>
}

func ExampleConvergence() {
	print(charts.Convergence().Add("residual", []float64{1, 0.1, 0.01}).Objective("objective", []float64{3, 2.5, 2}).Tolerance(1e-6).Text())
	// Output:
	// Figure
	//   residual: 3 points, iteration from 0 to 2, y from 0.01 to 1
	//   objective − lowest, relative: 2 points, iteration from 0 to 1, y from 0.25 to 0.5
	//   tolerance: line at 10⁻⁶
}

func ExampleHistogram() {
	print(charts.Histogram().Add("values", []float64{0, 0.1, 0.2, 1}).Bins(2).Text())
	// Output:
	// Figure
	//   values: 3 points, x from 0 to 1, count from 1 to 3
}

func ExampleSampleComplexity() {
	print(charts.SampleComplexity().Runs("fixed", []float64{125, 250}, [][]float64{{0.2, 0.18}, {0.17, 0.17}}).
		Reference("fixed, paper", []float64{125, 250}, []float64{0.187, 0.176}).Text())
	// Output:
	// Figure
	//   fixed: 2 points, training examples from 125 to 250, test error from 0.17 to 0.19
	//   fixed, paper: 2 points, training examples from 125 to 250, test error from 0.176 to 0.187
}

func ExamplePhase() {
	v := mat.NewDense(2, 2, []float64{0, 1, 0, 0.5})
	print(charts.Phase([]float64{0.25, 0.75}, []float64{0.1, 0.2}, v).Value("recovered").X("n/P").Y("k/P").Text())
	// Output:
	// Figure
	//   map of recovered: 2 × 2 values from 0 to 1 over n/P and k/P
}

func ExampleLevelSets() {
	print(charts.LevelSets(math.Hypot, -1, 1, -1, 1).Levels(0.5).Line("constraint", 1, 1, 1).Point("minimum norm", 0.5, 0.5).Text())
	// Output:
	// Figure
	//   constraint: 2 points, x from −1 to 1, y from 0 to 2
	//   minimum norm: 1 points, x from 0.5 to 0.5, y from 0.5 to 0.5
}

func ExampleImages() {
	print(charts.Images(mat.NewDense(2, 4, []float64{0, 1, 1, 0, 1, 0, 0, 1}), 2, 2).Labels("2", "3").Text())
	// Output:
	// Figure
	//   2 images of 2 × 2 pixels: 2 3
}

func ExampleCompose() {
	x := []float64{1, 2}
	print(charts.Compose(charts.Lines().Add("a", x, x), charts.Scatter().Add("b", x, x)).Title("Both").Text())
	// Output:
	// Both
	//   (a) a: 2 points, x from 1 to 2, y from 1 to 2
	//   (b) b: 2 points, x from 1 to 2, y from 1 to 2
}

func ExampleClaims() {
	t := charts.Claims().Row("similarity of K̄ with K_ŷ", 0.40, 0.38, 0.05).AtMost("residual of eq. (2)", 1e-6, 3e-9)
	fmt.Println(t.Text())
	fmt.Println(t.AllHold())
	// Output:
	// claim                      predicted  measured  difference
	// similarity of K̄ with K_ŷ  0.4 ± 0.05      0.38       −0.02  ✓
	// residual of eq. (2)           ≤ 10⁻⁶    3·10⁻⁹  −9.97·10⁻⁷  ✓
	// true
}

func ExampleNumber() {
	fmt.Println(charts.Number(0.16949, 3), charts.Number(-2.5e-7, 2), charts.Number(4065, 5))
	// Output: 0.169 −2.5·10⁻⁷ 4065
}
