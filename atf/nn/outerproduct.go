package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// GradientOuterProduct is the average gradient outer product of what the weights
// of layer l (from 0, of those with parameters) read,
//
//	G_ℓ = (1/n) Σ_i Σ_c g_ic g_icᵀ,  g_ic = WScale·W_ℓᵀ δ_ic,
//
// over the rows x_i of x (n × d) and the outputs c, in × in. g_ic is the derivative
// of output c by the layer's input h_ℓ(x_i), where the layer is residual the part of
// it that goes through the weights. Of a convolution the weights read patches: g is
// the derivative by a patch, the sum goes over the positions too, and G is
// Size·Size·Channels square (Beaglehole, Radhakrishnan, Pandit and Belkin 2023).
//
// By the neural feature ansatz of Radhakrishnan, Beaglehole, Pandit and Belkin
// (Mechanism for feature learning in neural networks and backpropagation-free
// machine learning models, Science 383, 2024) it is proportional to W_ℓᵀW_ℓ, or
// to a power of it, in a trained network. Since G_ℓ = WScale²·W_ℓᵀ S W_ℓ with S the
// second moment of δ, the two are alike before any training as well: compare with
// the start.
//
// Errors: an x that is empty, has not d columns or holds what is not finite; there
// is no layer l; matrices beyond the memory budget. Cost: a forward pass and C
// backward passes, n·out² and out·in·(out + in) multiplications.
func (n *Network) GradientOuterProduct(x mat.Matrix, l int) (*mat.SymDense, error) {
	rows, d := x.Dims()
	if rows == 0 || d != n.Inputs() {
		return nil, fmt.Errorf("nn: the gradient outer product at inputs of %d × %d, for a network of %d inputs: give one example in each row", rows, d, n.Inputs())
	}
	gx := linalg.General(x)
	if err := linalg.Finite("nn: the matrix of inputs", gx); err != nil {
		return nil, err
	}
	at, err := n.paramLayer(l)
	if err != nil {
		return nil, err
	}
	w, scale := n.Weight(at), n.layers[at].WScale
	out, in := int64(w.Rows), int64(w.Cols)
	if err := budget.Check("nn: the gradient outer product", 8*(out*out+out*in+in*in), 0, "take a layer with fewer units"); err != nil {
		return nil, err
	}
	s := n.signalMoment(gx, at)
	prod := linalg.NewProduct()
	sw, g := linalg.New(w.Rows, w.Cols), linalg.New(w.Cols, w.Cols)
	prod.Plain(scale*scale/float64(rows), s, w, 0, sw)
	prod.Outer(1, w, sw, g)
	outer := mat.NewSymDense(w.Cols, nil)
	for i := range w.Cols {
		for j := i; j < w.Cols; j++ {
			outer.SetSym(i, j, (g.Data[i*g.Stride+j]+g.Data[j*g.Stride+i])/2)
		}
	}
	return outer, nil
}

// signalMoment is Σ δ δᵀ of the layer at this place over examples, outputs and, of a
// convolution, positions.
func (n *Network) signalMoment(x blas64.General, at int) blas64.General {
	units := n.Weight(at).Rows
	s := linalg.New(units, units)
	pass, prod := NewPass(n), linalg.NewProduct()
	size := n.BatchRows(predictRows)
	for lo := 0; lo < x.Rows; lo += size {
		hi := min(lo+size, x.Rows)
		pass.Forward(n, linalg.Rows(x, lo, hi))
		for c := range n.Outputs() {
			one := linalg.New(hi-lo, n.Outputs())
			for i := range one.Rows {
				one.Data[i*one.Stride+c] = 1
			}
			pass.Backward(n, one)
			delta := pixels(pass.Signal(at), units) // a dense layer is one of a single position
			prod.AddOuter(1, delta, delta, s)
		}
	}
	return s
}
