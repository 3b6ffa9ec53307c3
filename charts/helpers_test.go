package charts

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// testKernel is a positive kernel of n points on a line.
func testKernel(n int) *mat.SymDense {
	k := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			k.SetSym(i, j, math.Exp(-math.Pow(float64(i-j)/float64(n)*4, 2))-0.3)
		}
	}
	return k
}

func ramp(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(i + 1)
	}
	return v
}

func tail(b []byte, n int) string { return string(b[max(0, len(b)-n):]) }
