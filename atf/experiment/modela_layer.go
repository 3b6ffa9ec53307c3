package experiment

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

func progressOf(done, total int) progress.Report {
	return progress.Report{Task: "Model A on trial", Done: done, Total: total}
}

// A layerCase is the trial of one layer under way.
type layerCase struct {
	ModelATrial
	halves
	pairs            *layerPairs
	start, mean, all *kernel.Gram // the layer's K₀ and K̄, and K₀ of all layers
}

func (c *layerCase) run() (*ModelALayer, error) {
	p := c.pairs
	_, in, out := p.size()
	seen, fresh := p.take(c.seen), p.take(c.fresh)
	y := &ModelALayer{Layer: p.layer, In: in, Out: out, Size: floats.Sum(fresh.norms)}
	unchanged := p.identities(1)
	y.Moved = fresh.missed(unchanged.apply(fresh))
	// Rounding leaves about 1e-16 of a layer that did not move.
	if y.Moved <= 1e-20*y.Size || y.Size == 0 {
		return nil, fmt.Errorf("experiment: Model A on trial: the gradients of layer %d, counted from 0, do not change along the segment: there is nothing to explain", p.layer)
	}
	scale, err := unchanged.scale(seen)
	if err != nil {
		return nil, err
	}
	scaled := p.identities(scale)
	y.Unchanged, y.Scaled = shareOf(unchanged, seen, fresh, y.Moved), shareOf(scaled, seen, fresh, y.Moved)
	best, err := c.fitted(p, c.starts, y)
	if err != nil {
		return nil, err
	}
	y.C, y.A, y.B = best.c, best.a, best.b
	y.ModelA = shareOf(best, seen, fresh, y.Moved)
	if err := c.general(y, scale, seen); err != nil {
		return nil, err
	}
	if err := c.shuffled(y, scale); err != nil {
		return nil, err
	}
	return y, c.kernels(y, best, fresh)
}

// shareOf measures a transformation; moved is Σ‖Ḡ_i − G_i‖² over the new examples.
func shareOf(m modelA, seen, fresh *layerPairs, moved float64) Share {
	missed := fresh.missed(m.apply(fresh))
	return Share{
		Seen:   1 - seen.missed(m.apply(seen))/floats.Sum(seen.norms),
		New:    1 - missed/floats.Sum(fresh.norms),
		Change: 1 - missed/moved,
	}
}

// fitted chooses the ridge on the examples kept back for that, and fits c, A and B
// to all that are seen, from so many starts. It fills in Ridge, Trace and Starts.
func (c *layerCase) fitted(p *layerPairs, starts int, y *ModelALayer) (modelA, error) {
	fit, choose := p.take(c.fit), p.take(c.choose)
	scale, err := p.identities(1).scale(fit)
	if err != nil {
		return modelA{}, err
	}
	least := math.Inf(1)
	for _, ridge := range c.ridges {
		if err := c.interrupted(); err != nil {
			return modelA{}, err
		}
		m, _, err := p.identities(scale).alternate(fit, ridge, comparisonTolerance)
		if err != nil {
			return modelA{}, err
		}
		if missed := choose.missed(m.apply(choose)); missed < least {
			least, y.Ridge = missed, ridge
		}
	}
	seen := p.take(c.seen)
	if scale, err = p.identities(1).scale(seen); err != nil {
		return modelA{}, err
	}
	var best modelA
	least = math.Inf(1)
	rng := rand.New(rand.NewPCG(c.seed, 11))
	for k := range starts {
		if err := c.interrupted(); err != nil {
			return modelA{}, err
		}
		m := p.identities(scale)
		if k > 0 {
			m = m.disturbed(rng)
		}
		m, trace, err := m.alternate(seen, y.Ridge, alternationTolerance)
		if err != nil {
			return modelA{}, err
		}
		end := trace[len(trace)-1]
		y.Starts = append(y.Starts, end)
		if end < least {
			least, best, y.Trace = end, m, trace
		}
	}
	return best, nil
}

func (c *layerCase) interrupted() error {
	if c.ctx == nil || c.ctx.Err() == nil {
		return nil
	}
	return fmt.Errorf("experiment: Model A on trial: ended in layer %d, counted from 0: %w", c.pairs.layer, c.ctx.Err())
}

// general fills in Layerwise and Full.
func (c *layerCase) general(y *ModelALayer, scale float64, seen *layerPairs) error {
	r := newChange(scale, c.start, c.mean, c.pairs.cross())
	for _, of := range []struct {
		k  *kernel.Gram
		to *Share
	}{{c.start, &y.Layerwise}, {c.all, &y.Full}} {
		g := generalM{of.k, r}
		least, chosen := math.Inf(1), 0.0
		for _, ridge := range c.ridges {
			if err := c.interrupted(); err != nil {
				return err
			}
			missed, err := g.missed(c.fit, ridge, c.choose)
			if err != nil {
				return fmt.Errorf("experiment: Model A on trial: general M of layer %d: %w", y.Layer, err)
			}
			if missed[0] < least {
				least, chosen = missed[0], ridge
			}
		}
		missed, err := g.missed(c.seen, chosen, c.seen, c.fresh)
		if err != nil {
			return fmt.Errorf("experiment: Model A on trial: general M of layer %d: %w", y.Layer, err)
		}
		*of.to = Share{Seen: 1 - missed[0]/floats.Sum(seen.norms), New: 1 - missed[1]/y.Size, Change: 1 - missed[1]/y.Moved}
	}
	return nil
}

// shuffled fills in Shuffled. Partners are next to each other in the drawn order,
// within each part of the examples.
func (c *layerCase) shuffled(y *ModelALayer, scale float64) error {
	n, _, _ := c.pairs.size()
	partner := make([]int, n)
	for _, part := range [][]int{c.fit, c.choose, c.fresh} {
		for k, i := range part {
			partner[i] = part[(k+1)%len(part)]
		}
	}
	p := c.pairs.mismatched(scale, partner)
	apart := &ModelALayer{}
	m, err := c.fitted(p, 1, apart)
	if err != nil {
		return err
	}
	fresh := p.take(c.fresh)
	y.Shuffled = shareOf(m, p.take(c.seen), fresh, fresh.missed(p.identities(1).apply(fresh)))
	return nil
}

// kernels fills in the similarities of kernels over the new examples.
func (c *layerCase) kernels(y *ModelALayer, m modelA, fresh *layerPairs) error {
	u, v := m.apply(fresh)
	var dd, hh mat.Dense
	dd.Mul(u, u.T())
	hh.Mul(v, v.T())
	dd.MulElem(&dd, &hh)
	mean := corner(c.mean, c.fresh)
	var err error
	if y.KernelModelA, err = kernel.Similarity(&dd, mean); err != nil {
		return err
	}
	y.KernelStart, err = kernel.Similarity(corner(c.start, c.fresh), mean)
	return err
}

// corner is the part of a kernel at some examples.
func corner(k mat.Matrix, rows []int) *mat.Dense {
	out := mat.NewDense(len(rows), len(rows), nil)
	for a, i := range rows {
		for b, j := range rows {
			out.Set(a, b, k.At(i, j))
		}
	}
	return out
}
