package experiment

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A Theorem2Verdict is what Theorem 2's own A and B explain of a network's
// average gradients, for one λ of the penalty λ(s−1)². They know the network at
// its start and the targets at the examples seen, and nothing of training; only
// one number c in front is fitted for each layer.
type Theorem2Verdict struct {
	Lambda       float64
	Stationarity float64 // of the solution
	Layers       []Theorem2Layer
}

// A Theorem2Layer is one layer of a Theorem2Verdict.
type Theorem2Layer struct {
	C     float64
	Share Share       // of c AᵀG_iB with the theorem's A and B
	A, B  atf.LowRank // the identity plus few directions
}

// Theorem2 solves eq. (4) for the network at the start of the segment with the
// targets y (n × 1) at the examples that Run fits A and B to, layer by layer, for
// one λ after the other, and measures what the solution's A and B explain.
// Errors: those of Run; a y of other size than n × 1; those of atf's Path.
func (t ModelATrial) Theorem2(y mat.Matrix, lambdas ...float64) ([]Theorem2Verdict, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	x := mat.DenseCopyOf(t.x)
	n, _ := x.Dims()
	if r, c := y.Dims(); r != n || c != 1 {
		return nil, fmt.Errorf("experiment: Model A on trial: the targets are %d × %d for %d examples: give one number for each", r, c, n)
	}
	pairs, err := gatherPairs(t.seg, x, t.nodes)
	if err != nil {
		return nil, err
	}
	parts := t.halves(n)
	problem := atf.Tangent(t.seg.From, takeRows(x, parts.seen)).Targets(takeRows(mat.DenseCopyOf(y), parts.seen))
	path, err := problem.Context(t.ctx).Layerwise(penalty.Squared(1)).Path(lambdas...)
	if err != nil {
		return nil, err
	}
	var all []Theorem2Verdict
	for k, s := range path {
		v := Theorem2Verdict{Lambda: lambdas[k], Stationarity: s.Stationarity}
		for l, p := range pairs {
			part, m := s.Layer(l), p.identities(1)
			if part.A.N > 0 {
				m.a = part.A.Dense()
			}
			if part.B.N > 0 {
				m.b = part.B.Dense()
			}
			seen, fresh := p.take(parts.seen), p.take(parts.fresh)
			unchanged := fresh.missed(p.identities(1).apply(fresh))
			if m.c, err = m.scale(seen); err != nil {
				return nil, err
			}
			v.Layers = append(v.Layers, Theorem2Layer{C: m.c, Share: shareOf(m, seen, fresh, unchanged), A: part.A, B: part.B})
		}
		all = append(all, v)
	}
	return all, nil
}
