package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Backward takes signal (n × C), the derivative of some scalar of each example
// by the network's outputs, back through the layers: afterwards Signal(l) is
// the derivative by a_l. It belongs to the last Forward and may be called
// several times after it; signal is copied. It panics when there was no
// Forward with net, or signal has another shape than the output.
func (p *Pass) Backward(net *Network, signal blas64.General) {
	p.check(net)
	if p.last != net {
		panic("nn: Backward with another network than the last Forward")
	}
	top := len(p.layers) - 1
	if signal.Rows != p.rows || signal.Cols != net.Outputs() {
		panic(fmt.Sprintf("nn: the signal is %d × %d, the output %d × %d", signal.Rows, signal.Cols, p.rows, net.Outputs()))
	}
	lp := &p.layers[top]
	lp.signal = linalg.Reuse(&lp.signalBuf, p.rows, signal.Cols)
	for i := range p.rows {
		copy(lp.signal.Data[i*signal.Cols:(i+1)*signal.Cols], signal.Data[i*signal.Stride:i*signal.Stride+signal.Cols])
	}
	for l := top; l > 0; l-- {
		p.descend(net, l)
	}
	p.back = true
}

// descend takes the signal of layer l to layer l−1.
func (p *Pass) descend(net *Network, l int) {
	to := &p.layers[l-1]
	ly := &net.layers[l-1]
	to.signal = linalg.Reuse(&to.signalBuf, p.rows, ly.Out)
	to.above = to.signal
	if ly.Residual {
		to.above = linalg.Reuse(&to.aboveBuf, p.rows, ly.Out)
	}
	beta := 0.0
	for m := l; m < len(p.layers); m++ {
		if !net.layers[m].Residual || net.layers[m].source(m) != l {
			continue
		}
		addScaled(beta, to.above, 1, p.layers[m].above)
		beta = 1
	}
	net.layers[l].kind().backward(p, net, l, beta, to.above)
	if ly.Activation.costly() {
		to.slope = linalg.Reuse(&to.slopeBuf, p.rows, ly.Out)
	}
	if ly.Activation != Identity || ly.Residual {
		p.at = l - 1
		p.chain.Run(p.rows, rowsPerPiece(ly))
	}
	to.held = true
}

// derive multiplies by φ' of layer p.at for rows lo to hi.
func (p *Pass) derive(lo, hi int) {
	ly, lp := &p.arch.layers[p.at], &p.layers[p.at]
	w := ly.Out
	dst, above, pre := lp.signal.Data[lo*w:hi*w], lp.above.Data[lo*w:hi*w], lp.pre.Data[lo*w:hi*w]
	if !ly.Activation.costly() {
		ly.Activation.chain(dst, above, pre)
		return
	}
	slope := lp.slope.Data[lo*w : hi*w]
	if !lp.held {
		ly.Activation.Derivative(slope, pre)
	}
	for i, v := range above {
		dst[i] = v * slope[i]
	}
}

// Signal is δ_l: n × out, the derivative by the pre-activation a_l, so that
// for example i the derivative by W is WScale·δ_l[i] h_l[i]ᵀ and by b it is
// BScale·δ_l[i]; of a Conv the sum of the same over the positions of its window.
func (p *Pass) Signal(l int) blas64.General { return p.layers[l].signal }

// Gradient writes into grad (length P, laid out like θ) the derivative by θ
// from the last Backward, summed over the batch. It panics when there was no
// Backward since the last Forward or grad has another length.
func (p *Pass) Gradient(net *Network, grad []float64) {
	p.check(net)
	if !p.back {
		panic("nn: Gradient without a Backward since the last Forward")
	}
	if len(grad) != net.NumParams() {
		panic(fmt.Sprintf("nn: a gradient of length %d for %d parameters", len(grad), net.NumParams()))
	}
	if p.rows == 0 {
		clear(grad)
		return
	}
	for l := range p.layers {
		net.layers[l].kind().gradient(p, net, l, grad)
	}
}
