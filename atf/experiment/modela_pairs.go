package experiment

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// layerPairs are the gradients of the output by one layer's weights at n
// examples: G_i = δ_i h_iᵀ where a segment starts, and the average
// Ḡ_i = Σ_t w_t δ_it h_itᵀ over the nodes of the segment, as factors. Neither is
// ever formed.
type layerPairs struct {
	layer   int
	last    bool // A = I: THEORY's A_L = I_C, Theorem 2 of the paper
	h, d    *mat.Dense
	hs, ds  []*mat.Dense // by node; a single matrix where it does not move
	weights []float64
	norms   []float64 // ‖Ḡ_i‖²
}

// gatherPairs passes the rows of x through the networks at so many midpoints of
// the segment. Biases are left out: Model A transforms matrices.
func gatherPairs(seg nn.Segment, x *mat.Dense, nodes int) ([]*layerPairs, error) {
	net := seg.From
	n, width := x.Dims()
	switch {
	case !net.SameArchitecture(seg.To):
		return nil, fmt.Errorf("experiment: Model A on trial: the segment leads from %v to %v: its ends must have one architecture", net, seg.To)
	case net.Outputs() != 1:
		return nil, fmt.Errorf("experiment: Model A on trial: the network has %d outputs: it must have one", net.Outputs())
	case n == 0 || width != net.Inputs():
		return nil, fmt.Errorf("experiment: Model A on trial: the examples are %d × %d: the network reads %d numbers of each", n, width, net.Inputs())
	}
	at, weights, err := tangent.Midpoint.Nodes(nodes)
	if err != nil {
		return nil, err
	}
	var pairs []*layerPairs
	numbers := int64(0)
	for _, l := range net.ParamLayers() {
		ly := net.Layers()[l]
		if ly.Kind != nn.Dense {
			return nil, fmt.Errorf("experiment: Model A on trial: layer %d is of kind %v: the trial takes dense layers, whose gradients are outer products", l, ly.Kind)
		}
		numbers += int64(nodes+1) * int64(n) * int64(ly.In+ly.Out)
		pairs = append(pairs, &layerPairs{layer: l, last: l == len(net.Layers())-1, weights: weights})
	}
	if err := budget.Check(fmt.Sprintf("experiment: the gradients of %d examples at %d nodes", n, nodes),
		8*numbers+net.PassBytes(n), 0, "take fewer examples or fewer nodes"); err != nil {
		return nil, err
	}
	for _, t := range at {
		record(pairs, seg.At(t), x, false)
	}
	record(pairs, net, x, true)
	for _, p := range pairs {
		p.norms = p.squaredNorms()
	}
	return pairs, nil
}

// record passes x through a network and keeps every layer's factors, as those of
// the start or of a further node.
func record(pairs []*layerPairs, net *nn.Network, x *mat.Dense, start bool) {
	n, _ := x.Dims()
	pass := nn.NewPass(net)
	pass.Forward(net, x.RawMatrix())
	ones := linalg.New(n, 1)
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	pass.Backward(net, ones)
	for _, p := range pairs {
		h := copied(pass.Input(p.layer))
		d := copied(pass.Signal(p.layer))
		d.Scale(net.Layers()[p.layer].WScale, d)
		if start {
			p.h, p.d = h, d
			continue
		}
		if p.layer > 0 || len(p.hs) == 0 { // the network's input does not move
			p.hs = append(p.hs, h)
		}
		if !p.last || len(p.ds) == 0 { // nor does the signal at its output
			p.ds = append(p.ds, d)
		}
	}
}

func copied(m blas64.General) *mat.Dense {
	var view mat.Dense
	view.SetRawMatrix(m)
	return mat.DenseCopyOf(&view)
}

// at gives the factors of example i at node t.
func (p *layerPairs) at(t, i int) (h, d []float64) {
	return p.hs[min(t, len(p.hs)-1)].RawRowView(i), p.ds[min(t, len(p.ds)-1)].RawRowView(i)
}

// size is the number of examples, and the sizes of h and δ.
func (p *layerPairs) size() (n, in, out int) {
	n, in = p.h.Dims()
	_, out = p.d.Dims()
	return n, in, out
}

// squaredNorms are ‖Ḡ_i‖² = Σ_ts w_t w_s (δ_it·δ_is)(h_it·h_is).
func (p *layerPairs) squaredNorms() []float64 {
	n, _, _ := p.size()
	norms := make([]float64, n)
	for i := range n {
		for t, wt := range p.weights {
			ht, dt := p.at(t, i)
			norms[i] += wt * wt * floats.Dot(dt, dt) * floats.Dot(ht, ht)
			for s, ws := range p.weights[:t] {
				hs, ds := p.at(s, i)
				norms[i] += 2 * wt * ws * floats.Dot(dt, ds) * floats.Dot(ht, hs)
			}
		}
	}
	return norms
}

// inner are ⟨Ḡ_i, u_i v_iᵀ⟩ for the rows u_i of u (n × out) and v_i of v (n × in).
func (p *layerPairs) inner(u, v *mat.Dense) []float64 {
	n, _, _ := p.size()
	sums := make([]float64, n)
	for i := range n {
		for t, w := range p.weights {
			h, d := p.at(t, i)
			sums[i] += w * floats.Dot(d, u.RawRowView(i)) * floats.Dot(h, v.RawRowView(i))
		}
	}
	return sums
}

// right are the rows Ḡ_i v_i, n × out, and left the rows Ḡ_iᵀ u_i, n × in.
func (p *layerPairs) right(v *mat.Dense) *mat.Dense {
	n, _, out := p.size()
	r := mat.NewDense(n, out, nil)
	for i := range n {
		for t, w := range p.weights {
			h, d := p.at(t, i)
			floats.AddScaled(r.RawRowView(i), w*floats.Dot(h, v.RawRowView(i)), d)
		}
	}
	return r
}

func (p *layerPairs) left(u *mat.Dense) *mat.Dense {
	n, in, _ := p.size()
	r := mat.NewDense(n, in, nil)
	for i := range n {
		for t, w := range p.weights {
			h, d := p.at(t, i)
			floats.AddScaled(r.RawRowView(i), w*floats.Dot(d, u.RawRowView(i)), h)
		}
	}
	return r
}

// missed is Σ_i ‖Ḡ_i − u_i v_iᵀ‖² over the examples.
func (p *layerPairs) missed(u, v *mat.Dense) (sum float64) {
	for i, c := range p.inner(u, v) {
		ui, vi := u.RawRowView(i), v.RawRowView(i)
		sum += p.norms[i] - 2*c + floats.Dot(ui, ui)*floats.Dot(vi, vi)
	}
	return max(sum, 0) // rounding may leave it below 0 where nothing is missed
}

// cross are ⟨Ḡ_i, G_j⟩, n × n.
func (p *layerPairs) cross() *mat.Dense {
	n, _, _ := p.size()
	sum, dd, hh := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
	for t, w := range p.weights {
		if t == 0 || len(p.ds) > 1 {
			dd.Mul(p.ds[min(t, len(p.ds)-1)], p.d.T())
		}
		if t == 0 || len(p.hs) > 1 {
			hh.Mul(p.hs[min(t, len(p.hs)-1)], p.h.T())
		}
		for i := range n {
			row, d, h := sum.RawRowView(i), dd.RawRowView(i), hh.RawRowView(i)
			for j := range row {
				row[j] += w * d[j] * h[j]
			}
		}
	}
	return sum
}

// take are the pairs of some of the examples.
func (p *layerPairs) take(rows []int) *layerPairs {
	q := &layerPairs{layer: p.layer, last: p.last, weights: p.weights, h: takeRows(p.h, rows), d: takeRows(p.d, rows)}
	for _, m := range p.hs {
		q.hs = append(q.hs, takeRows(m, rows))
	}
	for _, m := range p.ds {
		q.ds = append(q.ds, takeRows(m, rows))
	}
	for _, i := range rows {
		q.norms = append(q.norms, p.norms[i])
	}
	return q
}

// mismatched gives each example the change of another, that of partner[i]:
// Ḡ_i becomes c G_i + (Ḡ − c G)_partner, which is a sum of outer products too,
// over two further nodes.
func (p *layerPairs) mismatched(c float64, partner []int) *layerPairs {
	other := p.take(partner)
	q := &layerPairs{layer: p.layer, last: p.last, h: p.h, d: p.d}
	for t, w := range p.weights {
		q.hs, q.ds = append(q.hs, other.hs[min(t, len(p.hs)-1)]), append(q.ds, other.ds[min(t, len(p.ds)-1)])
		q.weights = append(q.weights, w)
	}
	q.hs, q.ds = append(q.hs, p.h, other.h), append(q.ds, p.d, other.d)
	q.weights = append(q.weights, c, -c)
	q.norms = q.squaredNorms()
	return q
}

func takeRows(m *mat.Dense, rows []int) *mat.Dense {
	_, c := m.Dims()
	out := mat.NewDense(len(rows), c, nil)
	for k, i := range rows {
		copy(out.RawRowView(k), m.RawRowView(i))
	}
	return out
}
