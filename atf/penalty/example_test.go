package penalty_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// The paper's figure of penalties at v = 5.
func Example() {
	one, two := penalty.Squared(1), penalty.Absolute(1)
	for _, p := range []penalty.Penalty{penalty.Identity(), one, two, penalty.InfConv(one, two)} {
		fmt.Printf("%-16s ω̃(5) = %7.4f  η(5) = %.4f\n", p.Name(), p.Effective(5), 1+p.Excess(5))
	}
	// Output:
	// I                ω̃(5) = 25.0000  η(5) = 1.0000
	// (s−1)²           ω̃(5) =  6.2465  η(5) = 2.5349
	// |s−1|            ω̃(5) =  4.5260  η(5) = 3.6840
	// (s−1)² ⊕ |s−1|   ω̃(5) =  3.3674  η(5) = 4.4269
}

// The weight of the label kernel, (η²−1)/v², tends to 2/λ.
func ExampleSquared() {
	p := penalty.Squared(0.5)
	for _, v := range []float64{1e-9, 1e-3, 1, 10} {
		e := p.Excess(v)
		fmt.Printf("v = %-6g weight %.6f\n", v, e*(2+e)/(v*v))
	}
	// Output:
	// v = 1e-09  weight 4.000000
	// v = 0.001  weight 3.999980
	// v = 1      weight 1.382976
	// v = 10     weight 0.153045
}

func ExampleAbsolute() {
	p := penalty.Absolute(2)
	fmt.Println(p.Effective(1), p.Excess(1)) // v² up to √(λ/2) = 1
	fmt.Printf("%.4f\n", p.Effective(8))     // 3(λ/2)^{2/3}v^{2/3} − λ
	// Output:
	// 1 0
	// 10.0000
}

// For p < 1 the minimiser jumps.
func ExamplePower() {
	p := penalty.Power(1, 0.5)
	for _, v := range []float64{1.0, 1.1, 1.2, 1.3} {
		fmt.Printf("η(%.1f) = %.3f\n", v, 1+p.Excess(v))
	}
	fmt.Println(penalty.Power(1, 1.9).ConvexEffective(), penalty.Power(1, 2).ConvexEffective())
	// Output:
	// η(1.0) = 1.000
	// η(1.1) = 1.000
	// η(1.2) = 1.682
	// η(1.3) = 1.835
	// false true
}

func ExampleLogSquared() {
	p := penalty.LogSquared(1)
	x := math.Log1p(p.Excess(3))
	fmt.Printf("%.6f %.6f\n", x*math.Exp(2*x), p.Effective(3)-x*(1+x))
	// Output:
	// 9.000000 0.000000
}

func ExampleNuclear() {
	p := penalty.Nuclear(1)
	fmt.Println(p.Effective(3), p.Minimum())
	fmt.Printf("%.4f\n", penalty.TwoSided(p).Effective(8)) // 3v^{2/3}
	// Output:
	// 6 0
	// 12.0000
}

func ExampleIdentity() {
	p := penalty.Identity()
	fmt.Println(p.Effective(3), p.Excess(3))
	// Output:
	// 9 0
}

// A penalty made from a bad number says so when asked.
func ExamplePenalty() {
	fmt.Println(penalty.Squared(-1).Validate())
	// Output:
	// penalty: Squared needs a finite λ > 0, got -1 (for M = I, the limit λ → ∞, use penalty.Identity())
}

// The minimising pair for one singular value.
func ExampleInfConv() {
	p := penalty.InfConv(penalty.Squared(1), penalty.Absolute(1))
	a, b := p.Split(5)
	fmt.Printf("a = %.4f, b = %.4f, ω̃ = %.4f, ω̃' = %.4f\n", 1+a, 1+b, p.Effective(5), p.EffectiveSlope(5))
	// Output:
	// a = 1.7352, b = 2.5513, ω̃ = 3.3674, ω̃' = 0.5103
}

func ExampleTwoSided() {
	fmt.Println(penalty.TwoSided(penalty.Squared(1)).ConvexEffective())
	fmt.Println(penalty.TwoSided(penalty.Power(1, 4)).ConvexEffective())
	// Output:
	// false
	// true
}

func ExamplePair_SplitTo() {
	v := []float64{0, 1, 100}
	a, b := make([]float64, 3), make([]float64, 3)
	penalty.TwoSided(penalty.Squared(1)).SplitTo(a, b, v)
	fmt.Printf("%.4f %.4f\n", a, b)
	// Output:
	// [0.0000 0.2852 3.8248] [0.0000 0.2852 3.8248]
}

func ExampleScale() {
	fmt.Println(penalty.Scale(2, penalty.Squared(0.25)).Name())
	// Output:
	// 0.5 (s−1)²
}

func ExampleCustom() {
	p, err := penalty.Custom("s − 1 − log s", func(s float64) float64 { return s - 1 - math.Log(s) })
	fmt.Println(err)
	fmt.Printf("%.6f\n", p.Effective(2))

	_, err = penalty.Custom("sine", func(s float64) float64 { return math.Pow(math.Sin(s-1), 2) })
	var shape *penalty.ShapeError
	fmt.Println(errors.As(err, &shape), shape.Reason)
	fmt.Printf("ω(%.3f) = %.3f, ω(%.3f) = %.3f\n", shape.S[0], shape.Values[0], shape.S[1], shape.Values[1])
	// Output:
	// <nil>
	// 1.218964
	// true is not strictly quasi-convex with its minimum at 1, it falls to the right of 1
	// ω(2.540) = 0.999, ω(2.778) = 0.958
}

// As a function of e = s − 1 the penalty keeps its digits near s = 1.
func ExampleCustomExcess() {
	p, err := penalty.CustomExcess("e² + e⁴", func(e float64) float64 { return e*e + e*e*e*e })
	fmt.Println(err)
	fmt.Printf("%.9g\n", p.Excess(1e-8))
	// Output:
	// <nil>
	// 1e-16
}

func ExampleEffectiveTo() {
	v := []float64{0, 0.1, 1, 10}
	fmt.Printf("%.4f\n", penalty.EffectiveTo(nil, penalty.Squared(1), v))
	// Output:
	// [0.0000 0.0099 0.6695 14.4040]
}

func ExampleTotal() {
	fmt.Println(penalty.Total(penalty.Nuclear(1), []float64{3, 2, 1}))
	// Output:
	// 12
}
