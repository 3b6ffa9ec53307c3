package draw

import "math"

// Contour joins the crossings of a level on a grid of n × n samples by
// marching squares with linear interpolation; pieces are parted by NaN.
func Contour(v []float64, n int, z, x0, x1, y0, y1 float64) (x, y []float64) {
	type point struct{ x, y float64 }
	next := map[[2]int][][2]int{} // graph of edges: edge → edges it joins
	at := map[[2]int]point{}
	px := func(j float64) float64 { return GridAt(x0, x1, j, n) }
	py := func(i float64) float64 { return GridAt(y0, y1, i, n) }
	// Edge {node, 0} runs right of a node, {node, 1} upwards.
	cross := func(i, j, dir int) ([2]int, bool) {
		a, b := v[i*n+j], 0.0
		if dir == 1 {
			b = v[(i+1)*n+j]
		} else {
			b = v[i*n+j+1]
		}
		if !Finite(a) || !Finite(b) || (a < z) == (b < z) {
			return [2]int{}, false
		}
		key := [2]int{i*n + j, dir}
		t := Fraction(z, a, b)
		if dir == 0 {
			at[key] = point{px(float64(j) + t), py(float64(i))}
		} else {
			at[key] = point{px(float64(j)), py(float64(i) + t)}
		}
		return key, true
	}
	join := func(a, b [2]int) {
		next[a] = append(next[a], b)
		next[b] = append(next[b], a)
	}
	var order [][2]int
	for i := 0; i+1 < n; i++ {
		for j := 0; j+1 < n; j++ {
			var hit [][2]int
			for _, e := range [4][3]int{{i, j, 0}, {i, j + 1, 1}, {i + 1, j, 0}, {i, j, 1}} {
				if key, ok := cross(e[0], e[1], e[2]); ok {
					hit = append(hit, key)
				}
			}
			order = append(order, hit...)
			switch len(hit) {
			case 2:
				join(hit[0], hit[1])
			case 4:
				// A saddle: the centre's mean says which corners belong together.
				c := (v[i*n+j] + v[i*n+j+1] + v[(i+1)*n+j] + v[(i+1)*n+j+1]) / 4
				if (c < z) == (v[i*n+j] < z) {
					join(hit[0], hit[1])
					join(hit[2], hit[3])
				} else {
					join(hit[0], hit[3])
					join(hit[1], hit[2])
				}
			}
		}
	}
	used := map[[2]int]bool{}
	walk := func(start [2]int) {
		if len(x) > 0 {
			x, y = append(x, math.NaN()), append(y, math.NaN())
		}
		for e, ok := start, true; ok; {
			used[e] = true
			x, y = append(x, at[e].x), append(y, at[e].y)
			ok = false
			for _, m := range next[e] {
				if !used[m] {
					e, ok = m, true
					break
				}
			}
			if !ok && len(next[start]) == 2 { // closed
				for _, m := range next[e] {
					if m == start {
						x, y = append(x, at[start].x), append(y, at[start].y)
					}
				}
			}
		}
	}
	for _, e := range order { // open pieces begin at an end
		if !used[e] && len(next[e]) == 1 {
			walk(e)
		}
	}
	for _, e := range order {
		if !used[e] && len(next[e]) > 0 {
			walk(e)
		}
	}
	return x, y
}

// GridAt is the place of the j-th of n samples from lo to hi.
func GridAt(lo, hi, j float64, n int) float64 {
	if d := hi - lo; !math.IsInf(d, 0) {
		return lo + d*j/float64(n-1)
	}
	return Between(lo, hi, j/float64(n-1))
}
