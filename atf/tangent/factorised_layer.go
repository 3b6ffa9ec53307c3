package tangent

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// layerFactors are the factors of one layer of a FactorisedModel. Those of every
// kind of layer are in a file of their own, and the kind's line in factors.
type layerFactors interface {
	// place is that of the layer among the network's.
	place() int
	// run is a copy with memory of its own.
	run() layerFactors
	// begin writes the factors at which training begins, into a theta of zeros.
	begin(theta []float64)
	// copies are A, Δ, B, multiplied out, and b'.
	copies(theta []float64) (a, delta, b *mat.Dense, bias []float64)
	// deviate writes the layer's θ − θ0 to step, laid out like the network's θ.
	deviate(theta, step []float64, s *factorScratch)
	// chain turns g, the derivative by the network's θ, into that by the factors.
	chain(theta, g, grad []float64, s *factorScratch)
	// cost counts the multiplications of a step, forward and back, on so many rows:
	// example by example, +Inf where that is no way, and through A Δ Bᵀ.
	cost(rows int) (byExample, byWeights float64)
	// numbers is how many a run keeps for so many rows, in memory that the layers
	// share and in its own.
	numbers(rows int, byExample bool) (shared, own int)
}

// exampleFactors can go example by example.
type exampleFactors interface {
	layerFactors
	// forward writes what the layer's deviation adds to ȧ for the inputs h.
	forward(theta []float64, h, dst blas64.General, s *factorScratch)
	// backward writes the derivative by the factors, for the inputs h of the last
	// forward and the signal d at the pre-activations.
	backward(theta []float64, h, d blas64.General, grad []float64, s *factorScratch)
}

// factors makes those of layer l of a network, which begin at start among the
// factors of all layers, and says where they end.
var factors = map[nn.Kind]func(net *nn.Network, l, start int) (f layerFactors, end int){
	nn.Dense: newDenseFactors, nn.Conv: newConvFactors,
}

// factorScratch is the memory that the layers share.
type factorScratch struct {
	prod             *linalg.Product
	trans, out, wide []float64
}

func copied(g blas64.General) *mat.Dense {
	return mat.NewDense(g.Rows, g.Cols, append([]float64(nil), g.Data...))
}

func view(v []float64, r, c int) blas64.General {
	return blas64.General{Rows: r, Cols: c, Stride: c, Data: v[: r*c : r*c]}
}

// identity adds the identity to m.
func identity(m blas64.General) {
	for i := range m.Rows {
		m.Data[i*m.Stride+i]++
	}
}
