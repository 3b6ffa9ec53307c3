package draw

import (
	"image/png"
	"math"
	"strconv"
)

// A figure's message must stay small: it is stored in the notebook, in several
// forms.
const (
	MessageLimit = 400_000 // bytes of the whole message, base64 included
	imageBudget  = 66_000  // bytes of all PNG images inside a figure
)

// Pixels draws a table within a part of the images' budget: first with all its
// entries and colours, then with fewer colours, then averaged over squares. A
// live panel's pictures are sent and forgotten: there speed counts instead.
func (c *Canvas) Pixels(t Tile, parts int) ([]byte, error) {
	limit := imageBudget / max(parts, 1)
	if c.Live {
		limit, t.level = 10*limit, png.BestSpeed
	}
	t.Target = math.Max(t.Target, 1)
	k := 1
	for float64(max(t.Rows, t.Cols))/float64(k) > 1.9*t.Target {
		k++ // finer than the screen serves nobody
	}
	for ; ; k++ {
		small := t
		if k > 1 {
			rows, cols, flat := Pool(t.Rows, t.Cols, k, t.Value)
			small.Rows, small.Cols = rows, cols
			small.Value = func(i, j int) float64 { return flat[i*cols+j] }
		}
		for _, colors := range []int{levels, 63, 31} {
			raw, err := small.encode(colors)
			if err != nil {
				return nil, err
			}
			big := max(small.Rows, small.Cols)
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
