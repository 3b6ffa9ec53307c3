package draw

// CellBlock is the pooled table of a map, for tooltips.
type CellBlock struct {
	M      int    `json:"m"`               // rows after pooling
	W      int    `json:"w,omitempty"`     // columns after pooling, when not m
	Side   int    `json:"side"`            // cells of the matrix pooled into one, each way
	Rows   int    `json:"rows"`            // of the matrix
	Cols   int    `json:"cols"`            //
	Half   bool   `json:"half,omitempty"`  // only the upper triangle is held
	Values []num  `json:"v"`               // row by row
	Xs     []num  `json:"xs,omitempty"`    // coordinates where the axes carry numbers
	Ys     []num  `json:"ys,omitempty"`    //
	XName  string `json:"xname,omitempty"` //
	YName  string `json:"yname,omitempty"` //
	VName  string `json:"vname,omitempty"` //
}

// Points lays a table out as ECharts data: column, row, value.
func (b CellBlock) Points() [][3]num {
	w := b.W
	if w == 0 {
		w = b.M
	}
	var out [][3]num
	t := 0
	for i := 0; i < b.M; i++ {
		j := 0
		if b.Half {
			j = i
		}
		for ; j < w; j++ {
			out = append(out, [3]num{num(j), num(i), b.Values[t]})
			if b.Half && j != i {
				out = append(out, [3]num{num(i), num(j), b.Values[t]})
			}
			t++
		}
	}
	return out
}

// Carrier lays a transparent cell over each pooled value of a map: only the
// mouse finds it.
func (c *Canvas) Carrier(name string, at Rect, block CellBlock) {
	// The last row and column may cover fewer entries than the others.
	xs, ys := float64(block.Cols)/float64(block.Side), float64(block.Rows)/float64(block.Side)
	hidden := dict{"show": false, "type": "value", "min": -0.5}
	g := c.grid(at, with(hidden, dict{"max": num(xs - 0.5)}), with(hidden, dict{"max": num(ys - 0.5), "inverse": block.Xs == nil}))
	// Nothing is seen of it: a curve of the same name keeps its legend's colour.
	s := scatterSeries(c.alias(name, "none"), "@d:"+itoa(len(c.Cells)))
	c.Cells = append(c.Cells, block)
	s["symbol"] = "rect"
	s["symbolSize"] = []num{round1(at.W / xs), round1(at.H / ys)}
	s["itemStyle"] = dict{"color": "rgba(0,0,0,0)"}
	s["emphasis"] = dict{"scale": false, "itemStyle": dict{"color": "rgba(0,0,0,0)", "borderColor": "#ffffff", "borderWidth": 1.5}}
	s["tooltip"] = dict{"trigger": "item", "formatter": "@f:cell"}
	s["atfLive"] = true
	s["z"] = 6
	c.add(g, s, dict{"quiet": true})
}
