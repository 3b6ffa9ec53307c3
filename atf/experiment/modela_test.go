package experiment

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// moved is a small network before and after training, and its examples.
func moved(t *testing.T, n int) (nn.Segment, *mat.Dense) {
	t.Helper()
	set := points(t, n)
	net := must(nn.MLP(6, 7, 5, 1).ReLU().Seed(2).Build())
	h := must(nn.Train(net).SGD(0.1).Epochs(40).Fit(set.X, set.Y))
	return nn.Segment{From: net, To: h.Network}, set.X
}

func normal(rng *rand.Rand, r, c int) *mat.Dense {
	m := mat.NewDense(r, c, nil)
	for i := range r {
		for j := range c {
			m.Set(i, j, rng.NormFloat64())
		}
	}
	return m
}

// explicitGradients are the gradients of a layer's weights written out, one
// out × in matrix an example.
func explicitGradients(f *tangent.Features, l int) (all []*mat.Dense) {
	g := must(f.Explicit())
	n, _ := g.Dims()
	at := 0
	for k, ly := range f.Network().Layers() {
		size := ly.Out * ly.In
		if k == l {
			for i := range n {
				row := mat.Row(nil, i, g)[at : at+size]
				all = append(all, mat.NewDense(ly.Out, ly.In, row))
			}
		}
		at += size
		if ly.Bias {
			at += ly.Out
		}
	}
	return all
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

// What the factors say is what the gradients written out say.
func TestPairsAgainstExplicitGradients(t *testing.T) {
	seg, x := moved(t, 20)
	pairs := must(gatherPairs(seg, x, 8))
	start := must(tangent.At(seg.From, x))
	mean := must(tangent.Along(seg, x).Nodes(8).Average())
	rng := rand.New(rand.NewPCG(1, 1))
	for l, p := range pairs {
		g, bar := explicitGradients(start, l), explicitGradients(mean.Features, l)
		n, in, out := p.size()
		m := modelA{0.7, normal(rng, out, out), normal(rng, in, in)}
		u, v := m.apply(p)
		missed, crossed := 0.0, p.cross()
		right, left := p.right(v), p.left(u)
		for i := range n {
			var image, rest mat.Dense
			image.Mul(m.a.T(), g[i])
			image.Mul(&image, m.b)
			rest.Scale(-m.c, &image)
			rest.Add(&rest, bar[i])
			missed += math.Pow(mat.Norm(&rest, 2), 2)
			near(t, "‖Ḡ‖²", p.norms[i], math.Pow(mat.Norm(bar[i], 2), 2), 1e-12)
			near(t, "⟨Ḡ, G⟩", crossed.At(i, (i+3)%n), floats.Dot(bar[i].RawMatrix().Data, g[(i+3)%n].RawMatrix().Data), 1e-12)
			var r, s mat.VecDense
			r.MulVec(bar[i], v.RowView(i))
			s.MulVec(bar[i].T(), u.RowView(i))
			near(t, "Ḡv", floats.Distance(r.RawVector().Data, right.RawRowView(i), 2), 0, 1e-12)
			near(t, "Ḡᵀu", floats.Distance(s.RawVector().Data, left.RawRowView(i), 2), 0, 1e-12)
		}
		near(t, "the residual", p.missed(u, v), missed, 1e-10*missed)
		partner := make([]int, n)
		for i := range partner {
			partner[i] = (i + 5) % n
		}
		other := p.mismatched(0.7, partner)
		u, v = p.identities(0.7).apply(other)
		wrong := 0.0 // what other examples' changes are away from c G
		for i := range n {
			var rest mat.Dense
			rest.Scale(-0.7, g[partner[i]])
			rest.Add(&rest, bar[partner[i]])
			wrong += math.Pow(mat.Norm(&rest, 2), 2)
		}
		near(t, "the mismatched change", other.missed(u, v), wrong, 1e-10*wrong)
	}
}

// Each step of the alternation is the least-squares solution of the problem
// written out, with vec(AᵀGB) as a product with a matrix of unknowns.
func TestStepsAreLeastSquares(t *testing.T) {
	seg, x := moved(t, 20)
	for _, n := range []int{20, 4} { // more examples than unknowns in a row, and fewer
		for l, p := range must(gatherPairs(seg, x, 3))[:2] {
			p = p.take([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}[:n])
			_, in, out := p.size()
			u, v := p.identities(1).apply(p)
			const rho = 0.01
			for _, side := range []string{"A", "B"} {
				size, of, w, r := out, p.d, v, p.right(v)
				if side == "B" {
					size, of, w, r = in, p.h, u, p.left(u)
				}
				got := must(pulled(of, w, r, rho))
				// The gradient of the objective by X vanishes:
				// Σ (‖w‖² x xᵀ X − x rᵀ) + ρ(X − I) = 0.
				var grad mat.Dense
				grad.Scale(rho, got)
				for k := range size {
					grad.Set(k, k, grad.At(k, k)-rho)
				}
				for i := range n {
					var xr, xx, xxX mat.Dense
					xi, wi := of.RowView(i), w.RawRowView(i)
					xr.Mul(xi, r.RowView(i).T())
					xx.Mul(xi, xi.T())
					xxX.Mul(&xx, got)
					xxX.Scale(floats.Dot(wi, wi), &xxX)
					grad.Add(&grad, &xxX)
					grad.Sub(&grad, &xr)
				}
				if g := mat.Norm(&grad, 2); g > 1e-10 {
					t.Errorf("layer %d, %d examples, step for %s: the gradient is %.1e", l, n, side, g)
				}
			}
		}
	}
}

// Where Model A holds the trial finds it: averages that are c AᵀG_iB are explained
// to the last digit by the fit, on new examples too.
func TestModelAFindsModelA(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	const n, in, out = 80, 6, 4
	truth := modelA{1, normal(rng, out, out), normal(rng, in, in)}
	p := &layerPairs{h: normal(rng, n, in), d: normal(rng, n, out), weights: []float64{1}}
	u, v := truth.apply(p)
	p.ds, p.hs = []*mat.Dense{u}, []*mat.Dense{v}
	p.norms = p.squaredNorms()
	c := layerCase{ModelATrial: ModelA(nn.Segment{}, nil).Ridges(1, 1e-4, 1e-9), pairs: p}
	c.halves = c.ModelATrial.halves(n)
	y := &ModelALayer{}
	m := must(c.fitted(p, 4, y))
	fresh := p.take(c.fresh)
	if missed := fresh.missed(m.apply(fresh)) / floats.Sum(fresh.norms); missed > 1e-6 || y.Ridge != 1e-9 {
		t.Errorf("%.1e of new examples is missed, with the ridge %g", missed, y.Ridge)
	}
	for k := 1; k < len(y.Trace); k++ {
		if y.Trace[k] > y.Trace[k-1]*(1+1e-12)+1e-12*y.Trace[0] {
			t.Errorf("step %d of the alternation raises the objective from %v to %v", k, y.Trace[k-1], y.Trace[k])
		}
	}
	if len(y.Starts) != 4 {
		t.Errorf("%d starts", len(y.Starts))
	}
}

// A general M is ridge regression of the change on the features, written out.
func TestGeneralMAgainstExplicitRegression(t *testing.T) {
	seg, x := moved(t, 24)
	start := must(tangent.At(seg.From, x)).WithoutBiases()
	mean := must(tangent.Along(seg, x).Nodes(3).Average()).WithoutBiases()
	p := must(gatherPairs(seg, x, 3))[1]
	k := must(start.LayerKernel(1))
	const c, ridge = 0.9, 0.05
	seen, fresh := []int{0, 2, 4, 6, 8, 10, 12, 14}, []int{1, 3, 5, 7}
	got := must(generalM{k, newChange(c, k, must(mean.LayerKernel(1)), p.cross())}.missed(seen, ridge, fresh))[0]

	g, bar := explicitGradients(start, 1), explicitGradients(mean, 1)
	size := len(g[0].RawMatrix().Data)
	features, change := func(rows []int) *mat.Dense {
		m := mat.NewDense(len(rows), size, nil)
		for a, i := range rows {
			m.SetRow(a, g[i].RawMatrix().Data)
		}
		return m
	}, func(rows []int) *mat.Dense {
		m := mat.NewDense(len(rows), size, nil)
		for a, i := range rows {
			m.SetRow(a, bar[i].RawMatrix().Data)
			floats.AddScaled(m.RawRowView(a), -c, g[i].RawMatrix().Data)
		}
		return m
	}
	f := features(seen)
	var normal, right, general, missed mat.Dense
	normal.Mul(f.T(), f)
	rho := ridge * mat.Trace(&normal) / float64(len(seen))
	for i := range size {
		normal.Set(i, i, normal.At(i, i)+rho)
	}
	right.Mul(f.T(), change(seen))
	if err := general.Solve(&normal, &right); err != nil {
		t.Fatal(err)
	}
	missed.Mul(features(fresh), &general)
	missed.Sub(change(fresh), &missed)
	near(t, "what M misses", got, math.Pow(mat.Norm(&missed, 2), 2), 1e-9*got)
}

// The trial of a network: shares in their order, the same numbers for any number
// of processors.
func TestModelARun(t *testing.T) {
	seg, x := moved(t, 90)
	v := must(ModelA(seg, x).Nodes(10).Run())
	if len(v.Layers) != 3 || len(v.Seen) != 45 || len(v.New) != 45 || v.Residual > 0.05 {
		t.Fatalf("%d layers, %d and %d examples, residual %.3f of eq. (2)", len(v.Layers), len(v.Seen), len(v.New), v.Residual)
	}
	for _, y := range v.Layers {
		if y.Unchanged.Change != 0 {
			t.Errorf("layer %d: A = B = I explains %v of the change", y.Layer, y.Unchanged.Change)
		}
		if y.Scaled.Seen < y.Unchanged.Seen || y.ModelA.Seen < y.Scaled.Seen {
			t.Errorf("layer %d: more freedom explains less of the examples it was fitted to: %v, %v, %v", y.Layer, y.Unchanged.Seen, y.Scaled.Seen, y.ModelA.Seen)
		}
		for _, s := range []Share{y.Unchanged, y.Scaled, y.ModelA, y.Layerwise, y.Full, y.Shuffled} {
			if !(s.Seen <= 1 && s.New <= 1 && s.Change <= 1) {
				t.Errorf("layer %d: a share above 1: %+v", y.Layer, s)
			}
		}
		if y.ModelA.Change <= y.Shuffled.Change {
			t.Errorf("layer %d: %v of the change is explained, and of changes of other examples %v", y.Layer, y.ModelA.Change, y.Shuffled.Change)
		}
		for k := 1; k < len(y.Trace); k++ {
			if y.Trace[k] > y.Trace[k-1]*(1+1e-12) {
				t.Errorf("layer %d: step %d raises the objective", y.Layer, k)
			}
		}
	}
	if last := v.Layers[2]; last.A.At(0, 0) != 1 {
		t.Errorf("the last layer's A is %v", last.A.At(0, 0))
	}
	total := v.Change(func(y *ModelALayer) Share { return y.ModelA })
	if total <= 0 || total >= 1 {
		t.Errorf("Model A explains %v of the change", total)
	}
	before := runtime.GOMAXPROCS(1)
	again := must(ModelA(seg, x).Nodes(10).Run())
	runtime.GOMAXPROCS(before)
	for l := range v.Layers {
		if !mat.Equal(v.Layers[l].A, again.Layers[l].A) || !mat.Equal(v.Layers[l].B, again.Layers[l].B) || v.Layers[l].Full != again.Layers[l].Full {
			t.Errorf("layer %d differs with one processor", l)
		}
	}
}

func TestModelAErrors(t *testing.T) {
	seg, x := moved(t, 30)
	two := must(nn.MLP(6, 4, 2).ReLU().Build())
	narrow := must(nn.MLP(6, 4, 1).ReLU().Build())
	bad := mat.DenseCopyOf(x)
	bad.Set(3, 2, math.NaN())
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for want, trial := range map[string]ModelATrial{
		"12 or more":         ModelA(seg, x.Slice(0, 8, 0, 6)),
		"one start":          ModelA(seg, x).Starts(0),
		"no ridge":           ModelA(seg, x).Ridges(),
		"above 0":            ModelA(seg, x).Ridges(0),
		"one architecture":   ModelA(nn.Segment{From: seg.From, To: narrow}, x),
		"must have one":      ModelA(nn.Segment{From: two, To: two}, x),
		"reads 6 numbers":    ModelA(seg, x.Slice(0, 30, 0, 5)),
		"do not change":      ModelA(nn.Segment{From: seg.From, To: seg.From}, x),
		"node":               ModelA(seg, x).Nodes(0),
		"NaN":                ModelA(seg, bad),
		"ended in layer 0":   ModelA(seg, x).Context(ended),
		"takes dense layers": ModelA(convolution(t), mat.NewDense(20, 16, nil)),
		"its units are dead": ModelA(dead(t, seg), x),
	} {
		if _, err := trial.Run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in the error %v", want, err)
		}
	}
	if _, err := ModelA(seg, x).Context(ended).Run(); !errors.Is(err, context.Canceled) {
		t.Errorf("the error %v does not wrap the context's", err)
	}
}

func convolution(t *testing.T) nn.Segment {
	t.Helper()
	net := must(nn.Images(4, 4, 1).Conv(2, 3).ReLU().Flatten().Dense(1).Build())
	return nn.Segment{From: net, To: net}
}

// dead is a segment that starts where no unit of the second layer is active.
func dead(t *testing.T, seg nn.Segment) nn.Segment {
	t.Helper()
	net := seg.From
	theta := net.Params()
	at := net.Layers()[0].Out * (net.Layers()[0].In + 1)
	ly := net.Layers()[1]
	for i := range ly.Out * ly.In {
		theta[at+i] = 0
	}
	for i := range ly.Out {
		theta[at+ly.Out*ly.In+i] = -1
	}
	return nn.Segment{From: must(nn.New(net.Layers(), theta)), To: seg.To}
}
