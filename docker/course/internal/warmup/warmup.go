// Package warmup is a small assignment, with its teacher's notebook, on which the
// maker and the grader are tested. It shows each way in which a part is written.
package warmup

import (
	_ "embed"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
)

// Notebook is the teacher's.
//
//go:embed warmup.ipynb
var Notebook []byte

// Assignment of the warm-up.
func Assignment() exam.Assignment {
	return exam.Assignment{Name: "warmup", Parts: []exam.Part{gram(), alignment(), root()}}
}

func gram() exam.Part {
	call := func(t *exam.Trial) (phi, k *mat.Dense, err error) {
		phi = t.Matrix(2+t.IntN(4), 1+t.IntN(5))
		err = t.Call([]any{&k}, phi)
		return phi, k, err
	}
	return exam.Part{ID: "gram", Points: 2, Function: "Gram", Signature: "func(phi *mat.Dense) *mat.Dense",
		Seconds: 10,
		Checks: []exam.Check{
			{Name: "it is symmetric and positive semidefinite", Hint: "which vectors does entry (i, j) multiply?",
				Run: func(t *exam.Trial) error {
					_, k, err := call(t)
					if err != nil {
						return err
					}
					return exam.PositiveSemidefinite("K", k, 1e-10)
				}},
			{Name: "each entry is the inner product of two examples", Hint: "compare one entry with what you compute by hand",
				Run: func(t *exam.Trial) error {
					phi, k, err := call(t)
					if err != nil {
						return err
					}
					n, _ := phi.Dims()
					want := mat.NewDense(n, n, nil)
					want.Mul(phi, phi.T())
					return exam.NearMatrix("K", k, want, 1e-10)
				}},
		}}
}

func alignment() exam.Part {
	return exam.Part{ID: "alignment", Points: 3, Function: "Alignment", Signature: "func(phi *mat.Dense, y []float64) float64",
		Seconds: 10,
		Checks: []exam.Check{{Name: "the value at random features", Hint: "which norm of K does the formula have?",
			Run: func(t *exam.Trial) error {
				phi, y := t.Matrix(5, 3), t.Normals(5)
				var got float64
				if err := t.Call([]any{&got}, phi, y); err != nil {
					return err
				}
				var k mat.Dense
				k.Mul(phi, phi.T())
				v := mat.NewVecDense(5, y)
				return exam.Near("alignment", got, mat.Inner(v, &k, v)/(mat.Dot(v, v)*mat.Norm(&k, 2)), 1e-9)
			}}}}
}

func root() exam.Part {
	return exam.Part{ID: "root", Points: 2, Function: "Root", Signature: "func(name string, low, high float64) float64",
		Seconds: 10,
		Adapter: "func(name string, low, high float64) float64 { return Root(functions[name], low, high) }",
		Checks: []exam.Check{{Name: "the root of x² − 2", Hint: "how does the interval shrink?",
			Run: func(t *exam.Trial) error {
				var got float64
				if err := t.Call([]any{&got}, "square", t.Float64(), 2+t.Float64()); err != nil {
					return err
				}
				return exam.Near("root", got, math.Sqrt2, 1e-9)
			}}}}
}
