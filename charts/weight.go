package charts

import "strconv"

// A figure's message must stay small: it is stored in the notebook, in several
// forms.
const (
	messageLimit = 400_000 // bytes of the whole message, base64 included
	imageBudget  = 66_000  // bytes of all PNG images inside a figure
)

// share is what one of several maps may take of the images' budget.
func (c *canvas) share(maps int) int { return imageBudget / max(maps, 1) }

// pixels draws a map within a number of bytes: first with all its entries and
// colours, then with fewer colours, then averaged over squares.
func pixels(rows, cols int, value func(i, j int) float64, lo, hi float64, ramp Ramp, target float64, limit int) ([]byte, error) {
	k := 1
	for float64(max(rows, cols))/float64(k) > 1.9*target {
		k++ // finer than the screen serves nobody
	}
	for ; ; k++ {
		v, r, w := value, rows, cols
		if k > 1 {
			var flat []float64
			r, w, flat = pool(rows, cols, k, value)
			v = func(i, j int) float64 { return flat[i*w+j] }
		}
		for _, colors := range []int{levels, 63, 31} {
			png, err := encodeMap(r, w, v, lo, hi, ramp, target, colors)
			if err != nil {
				return nil, err
			}
			if len(png) <= limit || max(r, w) <= 32 && colors == 31 {
				return png, nil
			}
			if len(png) > 3*limit && max(r, w) > 64 {
				break // fewer colours alone will not do
			}
		}
	}
}

func itoa(i int) string { return strconv.Itoa(i) }
