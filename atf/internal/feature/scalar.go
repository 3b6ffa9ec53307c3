package feature

// Scalar is W = c·I. It must not be negative. Scalar(1) is the identity.
type Scalar float64

// Mul multiplies q by c.
func (w Scalar) Mul(q []float64, _, _ int, _ *Scratch) {
	if w == 1 {
		return
	}
	for i := range q {
		q[i] *= float64(w)
	}
}

func (w Scalar) trivial() (float64, bool) { return float64(w), true }

func (w Scalar) terms() []term { return []term{{float64(w), Unchanged{}, Unchanged{}}} }
