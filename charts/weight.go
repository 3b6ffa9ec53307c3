package charts

import (
	"image/png"
	"math"
	"strconv"
)

// A figure's message must stay small: it is stored in the notebook, in several
// forms.
const (
	messageLimit = 400_000 // bytes of the whole message, base64 included
	imageBudget  = 66_000  // bytes of all PNG images inside a figure
)

// pixels draws a table within a part of the images' budget: first with all its
// entries and colours, then with fewer colours, then averaged over squares. A
// live panel's pictures are sent and forgotten: there speed counts instead.
func (c *canvas) pixels(t tile, parts int) ([]byte, error) {
	limit := imageBudget / max(parts, 1)
	if c.live {
		limit, t.level = 10*limit, png.BestSpeed
	}
	t.target = math.Max(t.target, 1)
	k := 1
	for float64(max(t.rows, t.cols))/float64(k) > 1.9*t.target {
		k++ // finer than the screen serves nobody
	}
	for ; ; k++ {
		small := t
		if k > 1 {
			rows, cols, flat := pool(t.rows, t.cols, k, t.value)
			small.rows, small.cols = rows, cols
			small.value = func(i, j int) float64 { return flat[i*cols+j] }
		}
		for _, colors := range []int{levels, 63, 31} {
			raw, err := small.encode(colors)
			if err != nil {
				return nil, err
			}
			big := max(small.rows, small.cols)
			if len(raw) <= limit || big <= 32 && colors == 31 {
				return raw, nil
			}
			if len(raw) > 3*limit && big > 64 {
				break // fewer colours alone will not do
			}
		}
	}
}

func itoa(i int) string { return strconv.Itoa(i) }
