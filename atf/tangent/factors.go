package tangent

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// A record keeps what one layer's features are made of, while batches of inputs
// pass through the network at the nodes of a segment, and hands it to the algebra
// of the layer's kind. A kind with parameters has its record in a file of its own,
// and its line in records.
type record interface {
	// bytes is the memory of all that the record keeps.
	bytes() int64
	// allocate takes it; x are the network's inputs.
	allocate(x blas64.General)
	// signals says whether the record needs the back-propagated signals.
	signals() bool
	// forward records inputs lo to hi at node t after a forward pass, and backward
	// the signals of output c after a backward pass.
	forward(t, lo, hi int, p *nn.Pass)
	backward(t, lo, hi, c int, p *nn.Pass)
	// finish comes after all nodes.
	finish()
	// layer is the algebra of the features, which shares what is kept.
	layer(biases bool) feature.Layer
	// factor is that algebra as a single outer product for each output, or an error.
	factor(biases bool) (Factor, error)
	// shape tells layers of different features apart.
	shape() string
}

// records makes the record of a layer of each kind with parameters.
var records = map[nn.Kind]func(spot) record{nn.Dense: newDenseRecord, nn.Conv: newConvRecord}

// A spot says which layer a record is for, and at how many inputs and nodes.
type spot struct {
	nn.Layer
	at          int  // its place among the network's layers
	last        bool // no layer follows
	n, c        int
	weights     []float64 // of the nodes
	rows, width int       // of the matrix of weights
}

// still says that the layer's input is the network's, which is the same at all
// nodes.
func (s *spot) still() bool { return s.at == 0 }

// shell lays out the factors of features over the nodes' weights without
// memory for their values.
func shell(net *nn.Network, x blas64.General, weights []float64, s Settings) *Features {
	f := &Features{net: net, n: x.Rows, c: net.Outputs(), weights: weights, set: s, biases: true, batch: net.BatchRows(batch)}
	ls := net.Layers()
	for _, at := range net.ParamLayers() {
		w := net.Weight(at)
		f.places = append(f.places, at)
		f.records = append(f.records, records[ls[at].Kind](spot{
			Layer: ls[at], at: at, last: at == len(ls)-1, n: f.n, c: f.c, weights: weights, rows: w.Rows, width: w.Cols,
		}))
	}
	return f
}

// batch is the number of inputs that pass through the network at once, where that
// does not take too much memory.
const batch = 512

// factorBytes estimates the memory of all factors, and of the passes that make
// them.
func (f *Features) factorBytes() int64 {
	bytes := f.net.PassBytes(min(f.batch, f.n))
	for _, k := range f.records {
		bytes += k.bytes()
	}
	return bytes
}

func (f *Features) allocate(x blas64.General) {
	for _, k := range f.records {
		k.allocate(x)
	}
}

// fill runs the network through all inputs and keeps the factors of node t.
// Where first is given it holds the pre-activations of the first layer.
func (f *Features) fill(t int, net *nn.Network, x blas64.General, first *blas64.General) error {
	pass := nn.NewPass(net)
	signal := linalg.New(min(f.batch, f.n), f.c)
	back := false
	for _, k := range f.records {
		back = back || k.signals()
	}
	for lo := 0; lo < f.n; lo += f.batch {
		if err := f.err(); err != nil {
			return err
		}
		hi := min(lo+f.batch, f.n)
		if first == nil {
			pass.Forward(net, linalg.Rows(x, lo, hi))
		} else {
			pass.ForwardFrom(net, linalg.Rows(x, lo, hi), linalg.Rows(*first, lo, hi))
		}
		for _, k := range f.records {
			k.forward(t, lo, hi, pass)
		}
		for c := range f.c {
			if !back {
				break
			}
			s := linalg.Rows(signal, 0, hi-lo)
			clear(s.Data)
			for i := range s.Rows {
				s.Data[i*s.Stride+c] = 1
			}
			pass.Backward(net, s)
			for _, k := range f.records {
				if k.signals() {
					k.backward(t, lo, hi, c, pass)
				}
			}
		}
		if len(f.weights) == 1 { // an average reports its nodes instead
			f.set.Progress.Send(progress.Report{Task: "tangent features", Done: hi, Total: f.n})
		}
	}
	return nil
}

func copyRows(dst, src blas64.General) {
	for i := range dst.Rows {
		copy(dst.Data[i*dst.Stride:i*dst.Stride+dst.Cols], src.Data[i*src.Stride:])
	}
}

// finish ends the recording.
func (f *Features) finish() {
	for _, k := range f.records {
		k.finish()
	}
	f.assemble()
}

// assemble hands the factors to the algebra of the layers' kinds.
func (f *Features) assemble() {
	f.layers = make([]feature.Layer, len(f.records))
	for l, k := range f.records {
		f.layers[l] = k.layer(f.biases)
	}
}

// Layer is the algebra of layer l's features: a block for its weights and, where
// they take part, one for its biases. It shares the factors, which are not to be
// written to. It panics when there is no layer l.
func (f *Features) Layer(l int) feature.Layer {
	if err := f.checkLayer(l); err != nil {
		panic(err.Error())
	}
	return f.layers[l]
}
