package assignments

import (
	"errors"

	"gonum.org/v1/gonum/mat"
)

// errTooFewDraws is the error of a check whose random inputs were all unfit: nobody
// loses a point by it.
var errTooFewDraws = errors.New("assignments: no random input was fit for the check")

// theLibrary is withheld from answers: students write by hand what it holds.
func theLibrary() []string {
	const ours = "github.com/tangentfeatures/gonb-atf/atf"
	return []string{ours, ours + "/kernel", ours + "/nn", ours + "/penalty", ours + "/tangent"}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func timesTranspose(m *mat.Dense) *mat.Dense {
	var k mat.Dense
	k.Mul(m, m.T())
	return &k
}
