package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// A Layer is all the columns of one layer of a network: a block for each matrix
// or vector of its parameters.
type Layer interface {
	// Blocks are the blocks in the order of the layer's parameters.
	Blocks() []Block
	// Joined is the homogeneous form [W b] of the layer, whose input is (h, 1): one
	// block of out × (in + 1), with the scales of weights and biases in the inputs.
	// Without biases it is the weights.
	Joined() Block
	// Keeping is a copy of the layer whose blocks may keep products from the first
	// Gram on, for layers whose Gram is asked for again and again.
	Keeping() Layer
	// Gram adds G Gᵀ to k on and above the diagonal. The error is that of
	// s.Interrupted.
	Gram(k blas64.General, how Products, s *Scratch) error
	// Cross adds G Hᵀ for the columns H of o, which must be a layer of the same
	// kind. The error is that of s.Interrupted.
	Cross(o Layer, k blas64.General, how Products, s *Scratch) error
	// Work estimates the memory in bytes that Cross takes besides k.
	Work(o Layer, how Products) int64
}

// DenseLayer is a dense layer with its biases, if it has any. Both share their
// signals, whose products Gram and Cross compute only once.
type DenseLayer struct {
	Weights *Dense
	Bias    *Bias // nil without biases
}

// Blocks are the weights and, if there are any, the biases.
func (l DenseLayer) Blocks() []Block {
	if l.Bias == nil {
		return []Block{l.Weights}
	}
	return []Block{l.Weights, l.Bias}
}

// Keeping is the layer with weights that keep the products of their factors.
func (l DenseLayer) Keeping() Layer { return DenseLayer{l.Weights.Keeping(), l.Bias} }

// Joined is the homogeneous form [W b] of the layer. It keeps what the weights do.
func (l DenseLayer) Joined() Block {
	if l.Bias == nil {
		return l.Weights
	}
	w := l.Weights
	h := linalg.New(w.h.Rows, w.h.Cols+1)
	for i := range h.Rows {
		row := h.Data[i*h.Stride : (i+1)*h.Stride]
		for j, v := range w.h.Data[i*w.h.Stride : i*w.h.Stride+w.h.Cols] {
			row[j] = w.scale * v
		}
		row[w.h.Cols] = l.Bias.scale
	}
	joined := NewDense(w.d, h, w.nodes, 1)
	if w.keeps {
		return joined.Keeping()
	}
	return joined
}

// Gram adds G Gᵀ to k on and above the diagonal.
func (l DenseLayer) Gram(k blas64.General, how Products, s *Scratch) error {
	how.symmetric = true
	return l.add(l, k, how, s)
}

// Cross adds G Hᵀ to k. It panics when o is of another kind.
func (l DenseLayer) Cross(o Layer, k blas64.General, how Products, s *Scratch) error {
	how.symmetric = false
	return l.add(l.peer(o), k, how, s)
}

// Work estimates the memory in bytes that Cross takes besides k.
func (l DenseLayer) Work(o Layer, how Products) int64 { return l.Weights.work(l.peer(o).Weights, how) }

func (l DenseLayer) peer(o Layer) DenseLayer {
	m, ok := o.(DenseLayer)
	if !ok {
		panic(fmt.Sprintf("feature: the cross product of a dense layer with one of type %T", o))
	}
	return m
}

func (l DenseLayer) add(o DenseLayer, k blas64.General, how Products, s *Scratch) error {
	if l.Bias == nil {
		return l.Weights.add(k, o.Weights, Scalar(1), 0, how, s)
	}
	if len(l.Weights.nodes) == 1 {
		return l.Weights.add(k, o.Weights, Scalar(1), l.Bias.scale*o.Bias.scale, how, s)
	}
	if err := l.Weights.add(k, o.Weights, Scalar(1), 0, how, s); err != nil {
		return err
	}
	l.Bias.add(k, o.Bias, how, s)
	return nil
}
