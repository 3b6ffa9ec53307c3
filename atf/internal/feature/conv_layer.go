package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// ConvLayer is a convolution with its biases, if it has any. The weights are a Conv,
// or Columns where the gradients written out, out × size·size·channels for each
// output, take less memory than signals and images at all positions.
type ConvLayer struct {
	Weights Block // *Conv or *Columns
	Bias    *Bias // of the signals summed over positions; nil without biases
}

// Blocks are the weights and, if there are any, the biases.
func (l ConvLayer) Blocks() []Block {
	if l.Bias == nil {
		return []Block{l.Weights}
	}
	return []Block{l.Weights, l.Bias}
}

// Keeping is the layer itself: it keeps no products.
func (l ConvLayer) Keeping() Layer { return l }

// Joined is the homogeneous form [W b] of the layer, whose patches are (h, 1).
func (l ConvLayer) Joined() Block {
	if l.Bias == nil {
		return l.Weights
	}
	if w, ok := l.Weights.(*Conv); ok {
		return w.joined(l.Bias.scale)
	}
	w, d := l.Weights.(*Columns), l.Bias.d.at(0)
	in := w.in + 1
	g := linalg.New(w.g.Rows, w.out*in)
	for r := range g.Rows {
		row, from := g.Data[r*g.Stride:], w.g.Data[r*w.g.Stride:]
		for o := range w.out {
			for j, v := range from[o*w.in : (o+1)*w.in] {
				row[o*in+j] = w.scale * v
			}
			row[o*in+w.in] = l.Bias.scale * d.Data[r*d.Stride+o]
		}
	}
	return NewColumns(g, 1, w.out, in)
}

// Gram adds G Gᵀ to k on and above the diagonal.
func (l ConvLayer) Gram(k blas64.General, how Products, s *Scratch) error {
	how.symmetric = true
	return l.add(l, k, how, s)
}

// Cross adds G Hᵀ to k. It panics when o is of another kind.
func (l ConvLayer) Cross(o Layer, k blas64.General, how Products, s *Scratch) error {
	how.symmetric = false
	return l.add(l.peer(o), k, how, s)
}

// Work estimates the memory in bytes that Cross takes besides k.
func (l ConvLayer) Work(o Layer, how Products) int64 {
	m := l.peer(o)
	bias := int64(0)
	if l.Bias != nil {
		bias = 8 * int64(m.Bias.d.rows) * int64(m.Bias.d.out)
	}
	if w, ok := l.Weights.(*Conv); ok {
		return w.work(m.Weights.(*Conv), how) + bias
	}
	a, b := l.Weights.(*Columns), m.Weights.(*Columns)
	return 8*int64(b.g.Rows)*int64(min(columnsAtATime(max(a.g.Rows, b.g.Rows)), b.g.Cols)) + bias
}

func (l ConvLayer) peer(o Layer) ConvLayer {
	m, ok := o.(ConvLayer)
	if !ok {
		panic(fmt.Sprintf("feature: the cross product of a convolution with a layer of type %T", o))
	}
	return m
}

func (l ConvLayer) add(o ConvLayer, k blas64.General, how Products, s *Scratch) error {
	var err error
	if w, ok := l.Weights.(*Conv); ok {
		err = w.add(k, o.Weights.(*Conv), Scalar(1), how, s)
	} else {
		err = l.Weights.(*Columns).add(k, o.Weights.(*Columns), how, s)
	}
	if err != nil || l.Bias == nil {
		return err
	}
	l.Bias.add(k, o.Bias, how, s)
	return nil
}
