package charts

import (
	"errors"
	"math"
)

func joined(errs []error) error { return errors.Join(errs...) }

// thin keeps at most limit points. Along a line it keeps the lowest and the
// highest value of every stretch, so that no peak is lost; else every k-th.
func thin(x, y []float64, limit int, line bool) (tx, ty []float64) {
	n := len(x)
	if n <= limit {
		return x, y
	}
	if !line {
		for k := range limit {
			i := k * (n - 1) / (limit - 1)
			tx, ty = append(tx, x[i]), append(ty, y[i])
		}
		return tx, ty
	}
	parts := limit / 2
	for k := range parts {
		lo, hi := k*n/parts, (k+1)*n/parts
		a, b, hole := lo, lo, false
		for i := lo; i < hi; i++ {
			if math.IsNaN(y[i]) {
				hole = true
				continue
			}
			if math.IsNaN(y[a]) || y[i] < y[a] {
				a = i
			}
			if math.IsNaN(y[b]) || y[i] > y[b] {
				b = i
			}
		}
		if k == 0 {
			a = lo
		}
		if k == parts-1 {
			b = hi - 1
		}
		if hole && !math.IsNaN(y[a]) {
			tx, ty = append(tx, x[a], x[b]), append(ty, y[a], math.NaN())
			continue
		}
		if a > b {
			a, b = b, a
		}
		tx, ty = append(tx, x[a], x[b]), append(ty, y[a], y[b])
	}
	return tx, ty
}
