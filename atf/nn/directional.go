package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Directional gives the derivative of the outputs by s in f_{θ+s·v}(x) at s = 0
// for the batch of the last Forward: ∇f_θ(x)ᵀv, n × C, for v of length P laid
// out like θ. It goes forward through the layers beside the activations (forward
// mode: Griewank and Walther, Evaluating Derivatives, 2nd ed., §3.1),
//
//	ȧ_l = WScale·(V_l h_l + W_l ḣ_l) + BScale·v_l,  ḣ_{l+1} = φ'(a_l)∘ȧ_l,
//
// plus the ḣ that a residual connection adds, for dense layers and likewise for the
// other kinds: the cost of two forward passes, whatever C is. The result holds until the next Directional. It panics when
// there was no Forward with net, or v has another length.
func (p *Pass) Directional(net *Network, v []float64) blas64.General {
	p.checkForward(net, "Directional")
	if len(v) != net.NumParams() {
		panic(fmt.Sprintf("nn: a direction of length %d for %d parameters", len(v), net.NumParams()))
	}
	return p.directional(net, func(l int) { net.layers[l].kind().own(p, net, l, v) })
}

// DirectionalFrom is Directional for a caller who moves the parameters in
// another way than by a vector v: own(l, dst) writes what layer l itself adds to
// ȧ_l, WScale·V_l h_l + BScale·v_l for a dense one, over whatever dst (n × out)
// holds. It is called for every layer with parameters, from input to output. It
// panics when there was no Forward with net.
func (p *Pass) DirectionalFrom(net *Network, own func(l int, dst blas64.General)) blas64.General {
	p.checkForward(net, "DirectionalFrom")
	return p.directional(net, func(l int) {
		if net.layers[l].params() == 0 {
			net.layers[l].kind().own(p, net, l, nil)
			return
		}
		own(l, p.layers[l].moved)
	})
}

func (p *Pass) checkForward(net *Network, what string) {
	p.check(net)
	if p.last != net {
		panic("nn: " + what + " with another network than the last Forward")
	}
}

// directional goes forward beside the activations; own writes a layer's own part.
func (p *Pass) directional(net *Network, own func(l int)) blas64.General {
	for l := range p.layers {
		ly, lp := &net.layers[l], &p.layers[l]
		lp.moved = linalg.Reuse(&lp.movedBuf, p.rows, ly.Out)
		own(l)
		if l > 0 { // the network's input does not move
			ly.kind().transport(p, net, l, p.layers[l-1].moved)
		}
		if ly.Activation.costly() {
			lp.slope = linalg.Reuse(&lp.slopeBuf, p.rows, ly.Out)
		}
		if ly.Activation != Identity || ly.Residual {
			p.at = l
			p.bend.Run(p.rows, rowsPerPiece(ly))
		}
		lp.held = true
	}
	return p.layers[len(p.layers)-1].moved
}

// move turns ȧ into ḣ' of layer p.at for rows lo to hi.
func (p *Pass) move(lo, hi int) {
	ly, lp := &p.arch.layers[p.at], &p.layers[p.at]
	w := ly.Out
	moved, pre := lp.moved.Data[lo*w:hi*w], lp.pre.Data[lo*w:hi*w]
	if !ly.Activation.costly() {
		ly.Activation.chain(moved, moved, pre)
	} else {
		slope := lp.slope.Data[lo*w : hi*w]
		if !lp.held {
			ly.Activation.Derivative(slope, pre)
		}
		for i, v := range slope {
			moved[i] *= v
		}
	}
	if from := ly.source(p.at); ly.Residual && from > 0 {
		for i, v := range p.layers[from-1].moved.Data[lo*w : hi*w] {
			moved[i] += v
		}
	}
}
