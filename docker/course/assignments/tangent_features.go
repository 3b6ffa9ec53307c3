package assignments

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"gonum.org/v1/gonum/mat"
)

// tangentFeatures decides on assignment 1: a two-layer tanh network's gradients, its
// NTK and equation (2) of the paper by quadrature.
func tangentFeatures() exam.Assignment {
	return exam.Assignment{Name: "1_tangent_features", Withheld: theLibrary(), Parts: []exam.Part{
		{ID: "output", Points: 1, Function: "Output", Signature: "func(w *mat.Dense, v, x []float64) float64", Checks: []exam.Check{
			{Name: "the output of a random network", Hint: "Sum v_k tanh(w_k·x) over all hidden units, for any numbers of units and inputs.", Run: checkOutput}}},
		{ID: "gradient", Points: 2, Function: "Gradient", Signature: "func(w *mat.Dense, v, x []float64) []float64", Checks: []exam.Check{
			{Name: "the gradient agrees with differences of the output", Hint: "Derivatives by W stand first, row by row, then those by v. Where does the derivative of tanh enter?", Run: checkGradient}}},
		{ID: "factors", Points: 2, Function: "Factors", Signature: "func(w *mat.Dense, v []float64, inputs *mat.Dense) (h, delta *mat.Dense)", Checks: []exam.Check{
			{Name: "the activations h", Hint: "h is what the hidden units pass on, after the nonlinearity: n × m, a row an input.", Run: func(t *exam.Trial) error { return checkFactors(t, true) }},
			{Name: "the signals δ", Hint: "δ is the derivative of the output by what enters the nonlinearity: n × m, a row an input.", Run: func(t *exam.Trial) error { return checkFactors(t, false) }}}},
		{ID: "gram", Points: 2, Function: "Gram", Signature: "func(inputs, h, delta *mat.Dense) *mat.Dense", Checks: []exam.Check{
			{Name: "the Gram matrix is symmetric and positive semidefinite", Hint: "An inner product does not depend on the order, and a Gram matrix FᵀF has no negative eigenvalue.", Run: checkGramDefinite},
			{Name: "its entries are the inner products of the features", Hint: "The parameters of both layers contribute.", Run: checkGramEntries}}},
		{ID: "average", Points: 2, Function: "Average", Signature: "func(w0 *mat.Dense, v0 []float64, w1 *mat.Dense, v1, x []float64, nodes int) []float64", Checks: []exam.Check{
			{Name: "the midpoint rule along the segment", Hint: "The nodes are (i + ½)/T, all of weight 1/T; both W and v move.", Run: checkAverage}}},
		{ID: "nodes", Points: 2, Function: "Nodes", Signature: "func(w0 *mat.Dense, v0 []float64, w1 *mat.Dense, v1, x []float64, tolerance float64, most int) (int, error)", Checks: []exam.Check{
			{Name: "the smallest power of two that reaches the tolerance", Hint: "Divide by the change of the output, not by the output, and take 1, 2, 4, … in turn.", Run: checkNodes},
			{Name: "an error when the nodes do not suffice", Hint: "What does the function return when no number of nodes up to the largest will do?", Run: checkNodesExhausted},
			{Name: "an error when the output does not change", Hint: "The residual is divided by the change of the output.", Run: checkNodesStill}}},
		{ID: "average-gram", Points: 2, Function: "AverageGram", Signature: "func(w0 *mat.Dense, v0 []float64, w1 *mat.Dense, v1 []float64, inputs *mat.Dense, nodes int) *mat.Dense", Checks: []exam.Check{
			{Name: "the inner products of the average features", Hint: "Average first, then multiply. The average of the Gram matrices is another matrix.", Run: checkAverageGram}}},
		{ID: "similarity", Points: 1, Function: "Similarity", Signature: "func(k, l *mat.Dense) float64", Checks: []exam.Check{
			{Name: "the cosine of two kernels", Hint: "Divide by both Frobenius norms; do not centre.", Run: checkSimilarity}}},
	}}
}

// twoLayer is the network of the assignment: f(x) = Σ v_k tanh(w_k·x).
type twoLayer struct {
	w *mat.Dense
	v []float64
}

func drawTwoLayer(t *exam.Trial, units, inputs int) twoLayer {
	return twoLayer{t.Matrix(units, inputs), t.Normals(units)}
}

func (n twoLayer) output(x []float64) float64 {
	sum := 0.0
	for k, v := range n.v {
		sum += v * math.Tanh(dot(n.w.RawRowView(k), x))
	}
	return sum
}

// gradient by w, row by row, and then by v.
func (n twoLayer) gradient(x []float64) []float64 {
	var byW, byV []float64
	for k, v := range n.v {
		h := math.Tanh(dot(n.w.RawRowView(k), x))
		for _, xj := range x {
			byW = append(byW, v*(1-h*h)*xj)
		}
		byV = append(byV, h)
	}
	return append(byW, byV...)
}

// toward is the network at share s of the way to another.
func (n twoLayer) toward(end twoLayer, s float64) twoLayer {
	var w, part mat.Dense
	w.Scale(1-s, n.w)
	part.Scale(s, end.w)
	w.Add(&w, &part)
	v := make([]float64, len(n.v))
	for k := range v {
		v[k] = (1-s)*n.v[k] + s*end.v[k]
	}
	return twoLayer{&w, v}
}

func (n twoLayer) average(end twoLayer, x []float64, nodes int) []float64 {
	sum := make([]float64, len(n.gradient(x)))
	for i := range nodes {
		for p, g := range n.toward(end, (float64(i)+0.5)/float64(nodes)).gradient(x) {
			sum[p] += g / float64(nodes)
		}
	}
	return sum
}

// residual of equation (2), relative to the change of the output.
func (n twoLayer) residual(end twoLayer, x []float64, nodes int) float64 {
	change := end.output(x) - n.output(x)
	step := append(append([]float64(nil), exam.Entries(end.w)...), end.v...)
	for p, start := range append(append([]float64(nil), exam.Entries(n.w)...), n.v...) {
		step[p] -= start
	}
	return math.Abs(change-dot(n.average(end, x, nodes), step)) / math.Abs(change)
}

func checkOutput(t *exam.Trial) error {
	for _, size := range [][2]int{{1, 1}, {3, 2}, {5, 7}, {8, 3}} {
		net, x := drawTwoLayer(t, size[0], size[1]), t.Normals(size[1])
		var got float64
		if err := t.Call([]any{&got}, net.w, net.v, x); err != nil {
			return err
		}
		if err := exam.Near("output", got, net.output(x), 1e-10); err != nil {
			return err
		}
	}
	return nil
}

func checkGradient(t *exam.Trial) error {
	for _, size := range [][2]int{{1, 1}, {3, 2}, {2, 5}, {6, 4}} {
		net, x := drawTwoLayer(t, size[0], size[1]), t.Normals(size[1])
		var got []float64
		if err := t.Call([]any{&got}, net.w, net.v, x); err != nil {
			return err
		}
		theta := append(append([]float64(nil), exam.Entries(net.w)...), net.v...)
		at := func(theta []float64) (float64, error) {
			cut := size[0] * size[1]
			return twoLayer{mat.NewDense(size[0], size[1], theta[:cut]), theta[cut:]}.output(x), nil
		}
		if err := exam.GradientOf("gradient", at, theta, got, 1e-5, 1e-6); err != nil {
			return err
		}
	}
	return nil
}

// drawFactors draws a network, inputs, and the activations and signals at them.
func drawFactors(t *exam.Trial, n, units, inputs int) (net twoLayer, x, h, delta *mat.Dense) {
	net, x = drawTwoLayer(t, units, inputs), t.Matrix(n, inputs)
	h, delta = mat.NewDense(n, units, nil), mat.NewDense(n, units, nil)
	for i := range n {
		for k, v := range net.v {
			a := math.Tanh(dot(net.w.RawRowView(k), x.RawRowView(i)))
			h.Set(i, k, a)
			delta.Set(i, k, v*(1-a*a))
		}
	}
	return net, x, h, delta
}

func checkFactors(t *exam.Trial, activations bool) error {
	for _, size := range [][3]int{{1, 1, 1}, {4, 3, 2}, {2, 5, 6}} {
		net, x, h, delta := drawFactors(t, size[0], size[1], size[2])
		var gotH, gotDelta *mat.Dense
		if err := t.Call([]any{&gotH, &gotDelta}, net.w, net.v, x); err != nil {
			return err
		}
		err := exam.NearMatrix("δ", gotDelta, delta, 1e-10)
		if activations {
			err = exam.NearMatrix("h", gotH, h, 1e-10)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkGramDefinite(t *exam.Trial) error {
	_, x, h, delta := drawFactors(t, 7, 2, 1)
	var got *mat.Dense
	if err := t.Call([]any{&got}, x, h, delta); err != nil {
		return err
	}
	if err := exam.Shape("Gram matrix", got, 7, 7); err != nil {
		return err
	}
	return exam.PositiveSemidefinite("Gram matrix", got, 1e-10)
}

func checkGramEntries(t *exam.Trial) error {
	for _, size := range [][3]int{{1, 2, 3}, {5, 3, 4}, {6, 1, 2}} {
		net, x, h, delta := drawFactors(t, size[0], size[1], size[2])
		features := mat.NewDense(size[0], size[1]*size[2]+size[1], nil)
		for i := range size[0] {
			features.SetRow(i, net.gradient(x.RawRowView(i)))
		}
		var got *mat.Dense
		if err := t.Call([]any{&got}, x, h, delta); err != nil {
			return err
		}
		if err := exam.NearMatrix("Gram matrix", got, timesTranspose(features), 1e-10); err != nil {
			return err
		}
	}
	return nil
}

func checkAverage(t *exam.Trial) error {
	for _, nodes := range []int{1, 2, 5, 16} {
		start, end, x := drawTwoLayer(t, 3, 4), drawTwoLayer(t, 3, 4), t.Normals(4)
		var got []float64
		if err := t.Call([]any{&got}, start.w, start.v, end.w, end.v, x, nodes); err != nil {
			return err
		}
		if err := exam.NearAll("average", got, start.average(end, x, nodes), 1e-10); err != nil {
			return err
		}
	}
	return nil
}

// checkNodes asks for tolerances that lie well between the residuals of one number of
// nodes and the next, so that rounding cannot decide.
func checkNodes(t *exam.Trial) error {
	asked := 0
	for range 100 {
		start, end, x := drawTwoLayer(t, 3, 2), drawTwoLayer(t, 3, 2), t.Normals(2)
		nodes := 1 << (1 + t.IntN(5))
		least := math.Inf(1) // residual of fewer nodes
		for fewer := 1; fewer < nodes; fewer *= 2 {
			least = min(least, start.residual(end, x, fewer))
		}
		own := start.residual(end, x, nodes)
		if !(own > 1e-9 && least > 2*own) {
			continue
		}
		var got int
		var failed error
		if err := t.Call([]any{&got, &failed}, start.w, start.v, end.w, end.v, x, math.Sqrt(own*least), 64); err != nil {
			return err
		}
		if failed != nil || got != nodes {
			return exam.Wrong("nodes: %d and the error %v, want %d", got, failed, nodes)
		}
		if asked++; asked == 12 {
			return nil
		}
	}
	return errTooFewDraws
}

func checkNodesExhausted(t *exam.Trial) error {
	for range 100 {
		start, end, x := drawTwoLayer(t, 3, 2), drawTwoLayer(t, 3, 2), t.Normals(2)
		if min(start.residual(end, x, 1), start.residual(end, x, 2), start.residual(end, x, 4)) < 1e-6 {
			continue
		}
		var got int
		var failed error
		if err := t.Call([]any{&got, &failed}, start.w, start.v, end.w, end.v, x, 1e-8, 7); err != nil {
			return err
		}
		if failed == nil {
			return exam.Wrong("nodes: %d without an error where up to 7 do not suffice", got)
		}
		return nil
	}
	return errTooFewDraws
}

func checkNodesStill(t *exam.Trial) error {
	net, x := drawTwoLayer(t, 3, 2), t.Normals(2)
	var got int
	var failed error
	if err := t.Call([]any{&got, &failed}, net.w, net.v, net.w, net.v, x, 0.5, 16); err != nil {
		return err
	}
	if failed == nil {
		return exam.Wrong("nodes: %d without an error where nothing moves", got)
	}
	return nil
}

func checkAverageGram(t *exam.Trial) error {
	for _, nodes := range []int{1, 4, 9} {
		start, end, x := drawTwoLayer(t, 3, 2), drawTwoLayer(t, 3, 2), t.Matrix(5, 2)
		features := mat.NewDense(5, 9, nil)
		for i := range 5 {
			features.SetRow(i, start.average(end, x.RawRowView(i), nodes))
		}
		var got *mat.Dense
		if err := t.Call([]any{&got}, start.w, start.v, end.w, end.v, x, nodes); err != nil {
			return err
		}
		if err := exam.NearMatrix("average Gram matrix", got, timesTranspose(features), 1e-9); err != nil {
			return err
		}
	}
	return nil
}

func checkSimilarity(t *exam.Trial) error {
	for _, n := range []int{1, 3, 6} {
		k, l := timesTranspose(t.Matrix(n, n+1)), timesTranspose(t.Matrix(n, n+1))
		want := dot(exam.Entries(k), exam.Entries(l)) / math.Sqrt(dot(exam.Entries(k), exam.Entries(k))*dot(exam.Entries(l), exam.Entries(l)))
		var got float64
		if err := t.Call([]any{&got}, k, l); err != nil {
			return err
		}
		if err := exam.Near("similarity", got, want, 1e-10); err != nil {
			return err
		}
	}
	return nil
}
