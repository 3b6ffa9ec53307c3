package kernel_test

import (
	"errors"
	"fmt"
	"log"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// The smallest kernels with something to see: three examples, one output.
var (
	identity = kernel.NewGram(3, 1, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1})
	targets  = mat.NewDense(3, 1, []float64{1, 1, -1})
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleNewGram() {
	k := kernel.NewGram(2, 1, []float64{2, 1, 1, 3})
	fmt.Println(k.N(), k.Outputs(), k.Diagonal(), k.Sorted([]int{1, 0}).Diagonal())
	// Output: 2 1 [2 3] [3 2]
}

func ExampleFromMatrix() {
	_, err := kernel.FromMatrix(mat.NewDense(2, 2, []float64{1, 2, 3, 4}), 1)
	fmt.Println(err)
	// Output: kernel: the matrix is not symmetric: 3 at row 1, column 0, but 2 at row 0, column 1 (counted from 0)
}

func ExampleGram_Subset() {
	k := kernel.NewGram(3, 1, []float64{1, 2, 3, 2, 5, 6, 3, 6, 9})
	fmt.Println(mat.Formatted(k.Subset([]int{2, 0})))
	// Output:
	// ⎡9  3⎤
	// ⎣3  1⎦
}

func ExampleCombine() {
	label, err := kernel.Label(targets)
	check(err)
	fmt.Println(mat.Formatted(kernel.Combine([]float64{1, 0.5}, identity, label)))
	// Output:
	// ⎡ 1.5   0.5  -0.5⎤
	// ⎢ 0.5   1.5  -0.5⎥
	// ⎣-0.5  -0.5   1.5⎦
}

func ExampleSimilarity() {
	label, err := kernel.Label(targets)
	check(err)
	s, err := kernel.Similarity(identity, label)
	check(err)
	fmt.Printf("%.4f\n", s) // 3 / (√3 · 3)
	// Output: 0.5774
}

func ExampleRelativeDistance() {
	grown := kernel.NewGram(3, 1, []float64{1.5, 0, 0, 0, 1.5, 0, 0, 0, 1.5})
	change, err := kernel.RelativeDistance(grown, identity)
	check(err)
	fmt.Println(change)
	// Output: 0.5
}

func ExampleCKA() {
	label, err := kernel.Label(targets)
	check(err)
	s, err := kernel.CKA(identity, label)
	check(err)
	fmt.Printf("%.4f\n", s) // 1/√2: centring leaves two directions
	// Output: 0.7071
}

func ExampleTargetAlignment() {
	s, err := kernel.TargetAlignment(identity, targets)
	check(err)
	fmt.Printf("%.4f\n", s)
	// Output: 0.5774
}

func ExampleLabel() {
	k, err := kernel.Label(mat.NewDense(2, 1, []float64{2, -1}))
	check(err)
	fmt.Println(mat.Formatted(k))
	// Output:
	// ⎡ 4  -2⎤
	// ⎣-2   1⎦
}

// A kernel that is the initial one plus a label kernel is taken apart.
func ExampleDecompose() {
	label, err := kernel.Label(targets)
	check(err)
	adapted := kernel.Combine([]float64{1, 0.25}, identity, label)
	d, err := kernel.Decompose(adapted, identity, label)
	check(err)
	fmt.Printf("a = %.2f, b = %.2f, R² = %.3f\n", d.Coefficients[0], d.Coefficients[1], d.R2)
	// Output: a = 1.00, b = 0.25, R² = 1.000
}

func ExampleEigen() {
	s, err := kernel.Eigen(kernel.NewGram(2, 1, []float64{2, 1, 1, 2}))
	check(err)
	entropy, err := s.EntropyRank()
	check(err)
	shares, err := s.TargetShares(mat.NewDense(2, 1, []float64{1, 0}))
	check(err)
	fmt.Printf("%.3f, participation ratio %.3f, entropy rank %.3f, target in the top k %.3f\n",
		s.Values, s.ParticipationRatio(), entropy, shares)
	// Output: [3.000 1.000], participation ratio 1.600, entropy rank 1.755, target in the top k [0.500 1.000]
}

func ExampleEigenValues() {
	s, err := kernel.EigenValues(kernel.NewGram(2, 1, []float64{2, 1, 1, 2}))
	check(err)
	fmt.Printf("%.2f\n", s.Normalized())
	// Output: [0.75 0.25]
}

func ExampleTopEigen() {
	// A kernel of 400 examples with eigenvalues of 2·400 and 400, and the rest 1.
	data := make([]float64, 400*400)
	for i := range 400 {
		for j := range 400 {
			data[i*400+j] = 2 + math.Pow(-1, float64(i+j))
		}
		data[i*400+i]++
	}
	s, err := kernel.TopEigen(kernel.NewGram(400, 1, data), 3, kernel.TopSettings{})
	check(err)
	fmt.Printf("%.4f of a trace of %.0f\n", s.Values, s.Trace)
	// Output: [801.0000 401.0000 1.0000] of a trace of 1600
}

func ExampleRidgeless() {
	x, y := mat.NewDense(3, 1, []float64{-1, 0.5, 2}), mat.NewDense(3, 1, []float64{1, 0, 2})
	ntk := kernel.InfiniteReLU(1).BiasVariance(1)
	k, err := ntk.NTK(x)
	check(err)
	fit, err := kernel.Ridgeless(k, y)
	check(err)
	cross, err := ntk.CrossNTK(mat.NewDense(2, 1, []float64{2, 1}), x)
	check(err)
	p, err := fit.Predict(cross)
	check(err)
	fmt.Printf("%.4f, ‖β‖² = %.4f\n", p.RawMatrix().Data, fit.SquaredNorm)
	// Output: [2.0000 0.6163], ‖β‖² = 0.8777
}

func ExampleRidge() {
	fit, err := kernel.Ridge(identity, targets, 1)
	check(err)
	p, err := fit.Predict(identity)
	check(err)
	fmt.Printf("%.2f, residual %.2f\n", p.RawMatrix().Data, fit.Residual)
	// Output: [0.50 0.50 -0.50], residual 0.50
}

func ExampleSingularError() {
	k := kernel.NewGram(2, 1, []float64{1, 1, 1, 1})
	_, err := kernel.Ridgeless(k, mat.NewDense(2, 1, []float64{1, 2}))
	fmt.Println(err)
	var singular *kernel.SingularError
	fmt.Println(errors.As(err, &singular))
	// Output:
	// kernel: the 2 × 2 Gram matrix is singular (not positive definite); examples 0 and 1, counted from 0, have the same features: use Ridge with a small positive ridge, or PseudoInverse for the minimum-norm solution
	// true
}

func ExamplePseudoInverse() {
	k := kernel.NewGram(2, 1, []float64{1, 1, 1, 1})
	fit, err := kernel.PseudoInverse(k, mat.NewDense(2, 1, []float64{1, 2}), 0)
	check(err)
	p, err := fit.Predict(k)
	check(err)
	fmt.Printf("rank %d, prediction %.2f, left over %.3f\n", fit.Rank, p.RawMatrix().Data, fit.Residual)
	// Output: rank 1, prediction [1.50 1.50], left over 0.316
}

func ExampleFactorize() {
	f, err := kernel.Factorize(kernel.NewGram(2, 1, []float64{2, 1, 1, 2}), 0)
	check(err)
	x, err := f.Solve(mat.NewDense(2, 1, []float64{3, 0}))
	check(err)
	fit, err := f.Regress(mat.NewDense(2, 1, []float64{1, 1}))
	check(err)
	fmt.Printf("condition %.1f, solution %.1f, ‖β‖² = %.3f\n", f.Condition(), x.RawMatrix().Data, fit.SquaredNorm)
	// Output: condition 3.0, solution [2.0 -1.0], ‖β‖² = 0.667
}

func ExampleNewFlow() {
	flow, err := kernel.NewFlow(identity, targets)
	check(err)
	for _, t := range []float64{0, math.Ln2, math.Inf(1)} {
		f, err := flow.Fitted(t)
		check(err)
		loss, err := flow.Loss(t)
		check(err)
		fmt.Printf("t = %.3f: %.3f, loss %.3f\n", t, f.RawMatrix().Data, loss)
	}
	// Output:
	// t = 0.000: [0.000 0.000 0.000], loss 1.500
	// t = 0.693: [0.500 0.500 -0.500], loss 0.375
	// t = +Inf: [1.000 1.000 -1.000], loss 0.000
}

func ExampleInfiniteReLU() {
	x := mat.NewDense(2, 2, []float64{1, 0, 0, 1})
	ntk, err := kernel.InfiniteReLU(2).NTK(x)
	check(err)
	nngp, err := kernel.InfiniteReLU(2).NNGP(x)
	check(err)
	fmt.Printf("NTK %.4f, NNGP %.4f\n", ntk.At(0, 1), nngp.At(0, 1))
	// Output: NTK 0.6857, NNGP 0.4937
}
