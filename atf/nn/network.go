package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Network is the function f_θ of the paper: a stack of layers with its
// parameters. It never changes once built, so it may be shared freely.
type Network struct {
	layers []Layer
	places []place
	theta  []float64
}

// place says where a layer's parameters begin in θ.
type place struct{ w, b int }

// New makes a network of the given layers with the parameters theta (per
// layer W row-major as Weight has it, then b where the layer has biases). Both are
// copied. It is an error when the layers do not fit each other or theta does
// not fit them. MLP is the usual way.
func New(layers []Layer, theta []float64) (*Network, error) {
	n, err := shape(layers)
	if err != nil {
		return nil, err
	}
	if want := n.NumParams(); len(theta) != want {
		return nil, fmt.Errorf("nn: %d parameters for layers that have %d", len(theta), want)
	}
	n.theta = append([]float64(nil), theta...)
	return n, nil
}

// shape is a network without parameters.
func shape(layers []Layer) (*Network, error) {
	if err := checkLayers(layers); err != nil {
		return nil, err
	}
	n := &Network{layers: append([]Layer(nil), layers...), places: make([]place, len(layers)+1)}
	at := 0
	for i, l := range layers {
		out, in, _ := l.kind().shape(l)
		n.places[i] = place{w: at, b: at + out*in}
		at += l.params()
	}
	n.places[len(layers)] = place{w: at, b: at}
	return n, nil
}

// Layers is a copy of the layers' descriptions, from input to output.
func (n *Network) Layers() []Layer { return append([]Layer(nil), n.layers...) }

// NumParams is P, the length of θ.
func (n *Network) NumParams() int { return n.places[len(n.layers)].w }

// Inputs is d, the number of values of one example.
func (n *Network) Inputs() int { return n.layers[0].In }

// Outputs is C.
func (n *Network) Outputs() int { return n.layers[len(n.layers)-1].Out }

// Params is a copy of θ, of length P: per layer W row-major out × in, then b.
func (n *Network) Params() []float64 { return append([]float64(nil), n.theta...) }

// At is the same architecture with the parameters theta, which are copied. It
// panics when theta does not have length P.
func (n *Network) At(theta []float64) *Network {
	return n.over(append([]float64(nil), theta...))
}

// over is At without the copy.
func (n *Network) over(theta []float64) *Network {
	if len(theta) != n.NumParams() {
		panic(fmt.Sprintf("nn: %d parameters for a network that has %d", len(theta), n.NumParams()))
	}
	return &Network{layers: n.layers, places: n.places, theta: theta}
}

// ParamLayers are the places in Layers of those that have parameters, from input
// to output: the layers of the paper's Theorem 2.
func (n *Network) ParamLayers() []int {
	var ls []int
	for i, l := range n.layers {
		if l.params() > 0 {
			ls = append(ls, i)
		}
	}
	return ls
}

// Weight is W of layer l, out × in: a view of the network's own parameters,
// to be read only. Of a convolution it is unfolded, Filters × Size·Size·Channels,
// with the columns in the order of a patch. It is empty where the layer has none.
func (n *Network) Weight(l int) blas64.General { return n.weightIn(n.theta, l) }

// Bias is b of layer l, a view to be read only; nil where the layer has none.
func (n *Network) Bias(l int) []float64 { return n.biasIn(n.theta, l) }

// Offsets says where W and b of layer l begin in θ. Without biases, b is the
// place where the next layer begins.
func (n *Network) Offsets(l int) (w, b int) { return n.places[l].w, n.places[l].b }

func (n *Network) weightIn(theta []float64, l int) blas64.General {
	at := n.places[l]
	if at.w == at.b {
		return blas64.General{Stride: 1}
	}
	out, in, _ := n.layers[l].kind().shape(n.layers[l])
	return blas64.General{Rows: out, Cols: in, Stride: in, Data: theta[at.w:at.b:at.b]}
}

func (n *Network) biasIn(theta []float64, l int) []float64 {
	if !n.layers[l].Bias {
		return nil
	}
	end := n.places[l+1].w
	return theta[n.places[l].b:end:end]
}

// SameArchitecture tells whether both networks have the same layers, so that
// the parameters of one fit the other.
func (n *Network) SameArchitecture(m *Network) bool {
	if n == m {
		return true
	}
	if len(n.layers) != len(m.layers) {
		return false
	}
	for i, l := range n.layers {
		if l != m.layers[i] {
			return false
		}
	}
	return true
}

// predictRows is the number of examples that Predict passes at a time, where
// BatchRows allows it.
const predictRows = 1024

// Predict gives f_θ(x) for every row of x (n × d), as n × C; nothing for an
// empty x. It panics when x does not have d columns.
func (n *Network) Predict(x mat.Matrix) *mat.Dense {
	rows, cols := x.Dims()
	if rows == 0 {
		return &mat.Dense{}
	}
	if cols != n.Inputs() {
		panic(fmt.Sprintf("nn: x is %d × %d, but the network reads %d values", rows, cols, n.Inputs()))
	}
	g := linalg.General(x)
	out := mat.NewDense(rows, n.Outputs(), nil)
	raw := out.RawMatrix()
	p := NewPass(n)
	size := n.BatchRows(predictRows)
	for lo := 0; lo < rows; lo += size {
		hi := min(lo+size, rows)
		p.Forward(n, linalg.Rows(g, lo, hi))
		f := p.Output()
		for i := range f.Rows {
			copy(raw.Data[(lo+i)*raw.Stride:(lo+i)*raw.Stride+f.Cols], f.Data[i*f.Stride:i*f.Stride+f.Cols])
		}
	}
	return out
}

// Fingerprint names the network by its layers and the bits of its parameters.
func (n *Network) Fingerprint() string {
	w := fingerprint.New("nn.Network/1")
	writeLayers(w, n.layers)
	return w.Float(n.theta...).Sum()
}

func writeLayers(w *fingerprint.Writer, layers []Layer) {
	w.Int(len(layers))
	for _, l := range layers {
		w.Int(l.In, l.Out).String(l.Activation.Name()).Bool(l.Bias).Float(l.WScale, l.BScale).Bool(l.Residual)
		if l.Kind != Dense { // networks of dense layers keep the names they had
			w.String(l.Kind.String()).Float(l.Factor)
		}
		if l.Span > 1 {
			w.String("span").Int(l.Span)
		}
		if g := l.Window; g != (Window{}) {
			w.Int(g.Height, g.Width, g.Channels, g.Filters, g.Size, g.Stride).Bool(g.Same)
		}
	}
}

// String describes the network in a line: a number is the width of a dense
// layer, 16@3×3 a convolution with 16 filters, and so on.
func (n *Network) String() string {
	s := fmt.Sprintf("network %d", n.Inputs())
	if g := n.layers[0].Window; g != (Window{}) {
		s = fmt.Sprintf("network %d×%d×%d", g.Height, g.Width, g.Channels)
	}
	for _, l := range n.layers {
		s += l.kind().label(l)
	}
	first, bias := n.layers[n.ParamLayers()[0]], "no biases"
	if first.Bias {
		bias = "biases"
	}
	return fmt.Sprintf("%s, %s, %s, %d parameters", s, first.Activation.Name(), bias, n.NumParams())
}

// checkMemory asks the budget for copies vectors of θ.
func (n *Network) checkMemory(what string, copies int) error {
	return budget.Check(what, int64(n.NumParams())*8*int64(copies), 0, "make the layers narrower")
}
