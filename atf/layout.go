package atf

import "fmt"

// Shape is out × in of a matrix of parameters.
type Shape struct{ Out, In int }

// A slot says where the coefficients of one matrix or vector of parameters lie:
// in the solver's vector, where they are one after the other, and in the user's
// parameter vector. The layout of a problem needs no features.
type slot struct {
	layer   int
	out, in int   // shape of the coefficient matrix, row by row
	from    int   // first coefficient within the solver's vector
	count   int   // number of coefficients, out·in
	theta   []int // beginnings of its parts in the user's vector: weights, then biases
	width   int   // columns that belong to the weights; the rest is a bias
}

// layout gives the slots of all parameters that are not frozen, in the order of
// the solver's vector.
func (p *Problem) layout() []slot {
	var slots []slot
	at := 0
	add := func(l, out, in, width int, theta ...int) {
		slots = append(slots, slot{layer: l, out: out, in: in, from: at, count: out * in, theta: theta, width: width})
		at += out * in
	}
	switch {
	case p.net != nil:
		for l, place := range p.net.ParamLayers() {
			if p.frozen(l) {
				continue
			}
			weights, bias := p.net.Weight(place), p.net.Bias(place) != nil
			w, b := p.net.Offsets(place)
			if bias && p.joined(l) {
				add(l, weights.Rows, weights.Cols+1, weights.Cols, w, b)
				continue
			}
			add(l, weights.Rows, weights.Cols, weights.Cols, w)
			if bias {
				add(l, weights.Rows, 1, 0, b)
			}
		}
	case p.features != nil:
		col := 0
		for l, s := range p.matrices() {
			if !p.frozen(l) {
				add(l, s.Out, s.In, s.In, col)
			}
			col += s.Out * s.In
		}
	default:
		n := p.gram.SymmetricDim()
		add(0, 1, n, n, 0)
	}
	return slots
}

// matrices are the shapes that the columns of an explicit feature matrix stand
// for: one row without Matrices.
func (p *Problem) matrices() []Shape {
	if len(p.shapes) > 0 {
		return p.shapes
	}
	_, cols := p.features.Dims()
	return []Shape{{1, cols}}
}

// numParams is the length of the user's parameter vector, 0 for a problem from
// a Gram matrix, which has none.
func (p *Problem) numParams() int {
	switch {
	case p.net != nil:
		return p.net.NumParams()
	case p.features != nil:
		_, cols := p.features.Dims()
		return cols
	}
	return 0
}

// coefficients is the number of coefficients of a layout.
func coefficients(slots []slot) int {
	if len(slots) == 0 {
		return 0
	}
	last := slots[len(slots)-1]
	return last.from + last.count
}

// user brings coefficients from the solver's order to the user's.
func (p *Problem) user(coef []float64) []float64 {
	out := make([]float64, p.numParams())
	for _, s := range p.layout() {
		if len(s.theta) == 1 {
			copy(out[s.theta[0]:], coef[s.from:s.from+s.count])
			continue
		}
		for o := range s.out {
			row := coef[s.from+o*s.in : s.from+(o+1)*s.in]
			copy(out[s.theta[0]+o*s.width:], row[:s.width])
			out[s.theta[1]+o] = row[s.width]
		}
	}
	return out
}

// layerSlot is the slot of layer l's matrix, and whether the layer has one: a
// frozen layer has none.
func (p *Problem) layerSlot(l int) (slot, bool) {
	for _, s := range p.layout() {
		if s.layer == l {
			return s, true // the weights come before the bias
		}
	}
	return slot{}, false
}

// checkLayer says what is wrong with the number of a layer.
func (p *Problem) checkLayer(l int) error {
	if n := p.numLayers(); l < 0 || l >= n {
		return fmt.Errorf("atf: layer %d of a problem with %d layers, counted from 0", l, n)
	}
	return nil
}
