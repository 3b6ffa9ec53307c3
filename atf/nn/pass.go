package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Pass takes batches forward and back through networks of one architecture and
// holds what every layer saw. Once it has met its largest batch, it allocates
// nothing. In pure Go the numbers of an example do not depend, to the bit, on
// the batch it is in nor on GOMAXPROCS; with the build tag openblas they may
// differ in the last bits. A Pass serves one goroutine at a time; its matrices
// hold until the next Forward, and are to be read only.
type Pass struct {
	arch   *Network // the architecture; its parameters play no part
	last   *Network // of the last Forward
	known  *Network // whose transposes are held
	rows   int
	back   bool // Backward has run since the last Forward
	input  blas64.General
	layers []layerPass
	prod   *linalg.Product
	curve  *par.Loop // an activation over rows of the batch
	chain  *par.Loop // a derivative over rows of the batch
	bend   *par.Loop // a derivative in a direction over rows of the batch
	at     int       // the layer at which curve, chain or bend works

	directionBuf, patchBuf []float64
}

// layerPass holds the buffers of a layer, each of batch × out.
type layerPass struct {
	pre, out, signal blas64.General
	// above is ∂/∂h' of a residual layer: its skip connection needs it after
	// the signal has been taken. Elsewhere it is the signal's own buffer.
	above blas64.General
	slope blas64.General // φ'(a), for the activations where it is dear
	held  bool           // slope is that of the last Forward
	// moved is the derivative in a direction: of a_l at first, of h_(l+1) in the end.
	moved blas64.General

	preBuf, outBuf, signalBuf, aboveBuf, slopeBuf, transBuf, movedBuf []float64

	state any // what the layer's kind keeps of its own
}

// NewPass prepares passes through net and any network of its architecture.
func NewPass(net *Network) *Pass {
	p := &Pass{arch: net, layers: make([]layerPass, len(net.layers)), prod: linalg.NewProduct()}
	p.curve = par.NewLoop(p.activate)
	p.chain = par.NewLoop(p.derive)
	p.bend = par.NewLoop(p.move)
	return p
}

// PassBytes is the memory in bytes that a Pass takes for batches of n rows,
// forward and back.
func (n *Network) PassBytes(rows int) int64 {
	total := int64(n.NumParams())
	for i, l := range n.layers {
		buffers := int64(2)
		if i < len(n.layers)-1 && (l.Activation != Identity || l.Residual) {
			buffers++
		}
		if l.Residual {
			buffers++
		}
		if l.Activation.costly() {
			buffers++
		}
		total += buffers*int64(rows)*int64(l.Out) + l.kind().buffers(l, rows)
	}
	return total * 8
}

// BatchRows is how many rows, at most the given number and at least one, may pass
// through the network at once in a Pass of no more than 256 MB.
func (n *Network) BatchRows(most int) int {
	const limit = 256 << 20
	for most > 1 && n.PassBytes(most) > limit {
		most /= 2
	}
	return max(most, 1)
}

// Forward computes f_θ on the rows of x (n × d), for the parameters of net. x
// is kept, not copied: it must not change before Gradient has been called. It
// panics when net has another architecture or x another number of columns.
func (p *Pass) Forward(net *Network, x blas64.General) {
	p.check(net)
	if x.Cols != net.Inputs() {
		panic(fmt.Sprintf("nn: x is %d × %d, but the network reads %d values", x.Rows, x.Cols, net.Inputs()))
	}
	p.forward(net, x, blas64.General{})
}

// ForwardFrom is Forward for a caller who has the pre-activations of the first
// layer already (n × out), WScale·x W₀ᵀ + BScale·b₀ of a Dense one, as on a segment
// between two parameter vectors, where they move on a straight line. It panics
// like Forward, and when first has the wrong shape.
func (p *Pass) ForwardFrom(net *Network, x, first blas64.General) {
	p.check(net)
	if first.Rows != x.Rows || first.Cols != net.layers[0].Out || x.Cols != net.Inputs() {
		panic(fmt.Sprintf("nn: x is %d × %d and its first pre-activation %d × %d, but the first layer is %d → %d", x.Rows, x.Cols, first.Rows, first.Cols, net.Inputs(), net.layers[0].Out))
	}
	p.forward(net, x, first)
}

// forward takes first as the first layer's pre-activations unless it is empty.
func (p *Pass) forward(net *Network, x, first blas64.General) {
	p.input, p.rows, p.last, p.back = x, x.Rows, net, false
	h, known := x, p.known == net
	for l := range p.layers {
		ly, lp := &net.layers[l], &p.layers[l]
		lp.pre = linalg.Reuse(&lp.preBuf, p.rows, ly.Out)
		lp.held = false
		if l == 0 && first.Data != nil {
			for i := range p.rows {
				copy(lp.pre.Data[i*ly.Out:(i+1)*ly.Out], first.Data[i*first.Stride:])
			}
			p.known = nil // the first layer's transpose is not net's
		} else {
			ly.kind().forward(p, net, l, h, known)
		}
		lp.out = lp.pre
		if ly.Activation != Identity || ly.Residual {
			lp.out = linalg.Reuse(&lp.outBuf, p.rows, ly.Out)
			p.at = l
			p.curve.Run(p.rows, rowsPerPiece(ly))
		}
		h = lp.out
	}
	if first.Data == nil {
		p.known = net
	}
}

// refresh forgets what is held of the last network, whose parameters changed.
func (p *Pass) refresh() { p.known = nil }

func (p *Pass) check(net *Network) {
	if !p.arch.SameArchitecture(net) {
		panic(fmt.Sprintf("nn: a pass made for %v cannot take %v", p.arch, net))
	}
}

// rowsPerPiece is the number of rows of a batch that are worth a goroutine.
func rowsPerPiece(ly *Layer) int {
	work := 1 << 14
	if ly.Activation.costly() {
		work = 1 << 11
	}
	return max(1, work/ly.Out)
}

// activate computes h' of layer p.at for rows lo to hi.
func (p *Pass) activate(lo, hi int) {
	ly, lp := &p.arch.layers[p.at], &p.layers[p.at]
	w := ly.Out
	ly.Activation.Value(lp.out.Data[lo*w:hi*w], lp.pre.Data[lo*w:hi*w])
	if !ly.Residual {
		return
	}
	h := p.Input(ly.source(p.at))
	for i := lo; i < hi; i++ {
		out := lp.out.Data[i*w : i*w+w]
		for j, v := range h.Data[i*h.Stride : i*h.Stride+w] {
			out[j] += v
		}
	}
}

// Input is h_l, what layer l reads: n × in.
func (p *Pass) Input(l int) blas64.General {
	if l == 0 {
		return p.input
	}
	return p.layers[l-1].out
}

// PreActivation is a_l: n × out.
func (p *Pass) PreActivation(l int) blas64.General { return p.layers[l].pre }

// Output is f_θ(x): n × C.
func (p *Pass) Output() blas64.General { return p.layers[len(p.layers)-1].out }
