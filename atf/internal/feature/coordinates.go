package feature

// Coordinates is a diagonal W, one entry for each coefficient in row-major
// order. No entry may be negative.
type Coordinates []float64

// Mul multiplies every coefficient by its entry. It panics when there are
// fewer coefficients than entries.
func (w Coordinates) Mul(q []float64, _, _ int, _ *Scratch) {
	for i, v := range w {
		q[i] *= v
	}
}

func (w Coordinates) trivial() (float64, bool) { return 0, false }
