package atf

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

func randomPenalty(src *rand.Rand) penalty.Penalty {
	l := math.Exp(3*src.Float64() - 2)
	switch src.IntN(6) {
	case 0:
		return penalty.Squared(l)
	case 1:
		return penalty.Absolute(l)
	case 2:
		return penalty.Power(l, 1.2+2*src.Float64())
	case 3:
		return penalty.LogSquared(l)
	case 4:
		return penalty.Power(l, 0.5+0.4*src.Float64())
	}
	return penalty.Scale(l, penalty.Squared(0.3))
}

func randomStructure(src *rand.Rand, params int) Structure {
	switch src.IntN(6) {
	case 0:
		return Fixed()
	case 1:
		return Unstructured(randomPenalty(src))
	case 2:
		return Diagonal(randomPenalty(src))
	case 3:
		order := src.Perm(params)
		cut := 1 + src.IntN(params)
		if cut == params {
			return Blocks(randomPenalty(src), order)
		}
		return Blocks(randomPenalty(src), order[:cut], order[cut:])
	}
	return TwoSided(randomPenalty(src), randomPenalty(src))
}

// randomProblem draws features or a network, a structure for each layer, and
// a loss.
func randomProblem(t *testing.T, src *rand.Rand) *Problem {
	c := 1 + src.IntN(3)
	var p *Problem
	var sizes []int
	n := 2 + src.IntN(4)
	if src.IntN(2) == 0 {
		shapes := make([]Shape, 1+src.IntN(3))
		total := 0
		for i := range shapes {
			shapes[i] = Shape{2 + src.IntN(4), 2 + src.IntN(4)}
			sizes = append(sizes, shapes[i].Out*shapes[i].In)
			total += sizes[i]
		}
		n = min(n, total/(2*c)) // some room beyond the equations
		if n == 0 {
			c, n = 1, 2
		}
		p = FromFeatures(randomMatrix(src, n*c, total)).WithOutputs(c).Matrices(shapes...)
	} else {
		b := nn.MLP(3, 3+src.IntN(4), 4, c).Tanh().UniformBias().Seed(src.Uint64())
		if src.IntN(2) == 0 {
			b = b.NoBias()
		}
		net := mustNet(t, b)
		n = min(n, 3)
		p = Tangent(net, randomMatrix(src, n, 3))
		for _, l := range net.Layers() {
			params := l.In * l.Out
			if l.Bias {
				params += l.Out
			}
			sizes = append(sizes, params)
		}
		if src.IntN(2) == 0 {
			p = p.Homogeneous()
		}
	}
	p = p.Targets(randomMatrix(src, n, c))
	switch src.IntN(6) {
	case 0:
		p = p.Unstructured(randomPenalty(src))
	case 1:
		p = p.Diagonal(randomPenalty(src))
	case 2:
		p = p.LayerwiseSides(randomPenalty(src), randomPenalty(src))
	default:
		for l, params := range sizes {
			p = p.Layer(l, randomStructure(src, params))
		}
	}
	switch src.IntN(4) {
	case 0:
		p = p.Ridge(math.Exp(4*src.Float64() - 3))
	case 1:
		if c == 1 {
			y := mat.NewDense(n, 1, nil)
			for i := range n {
				y.Set(i, 0, float64(2*src.IntN(2)-1))
			}
			p = p.Targets(y).Logistic(math.Exp(2*src.Float64() - 2))
		} else {
			p = p.Targets(oneHot(n, c)).Softmax(math.Exp(2*src.Float64() - 2))
		}
	}
	return p
}

// Every step of every random problem lowers the objective, ends in a stationary
// point, and keeps the constraint; a problem known to be convex shows so.
func TestMonotoneDescent(t *testing.T) {
	count, stalled, convex := 300, 0, 0
	if testing.Short() {
		count = 60
	}
	for k := range count {
		src := source2(51, uint64(k))
		p := randomProblem(t, src)
		if k%5 == 4 {
			p = p.Alternation().MaxIterations(30)
		}
		s, err := p.Solve()
		var stall *StalledError
		var limit *LimitError
		switch {
		case errors.As(err, &stall):
			stalled++
			if stall.Stationarity > 1e-4 {
				t.Errorf("problem %d (%v): %v", k, parts(s), err)
			}
		case errors.As(err, &limit) && k%5 == 4:
		case err != nil:
			t.Errorf("problem %d: %v", k, err)
			continue
		case s.Stationarity > 1e-6:
			t.Errorf("problem %d: %v", k, s)
		}
		for i := 1; i < len(s.Objective); i++ {
			a, b := s.Objective[i-1], s.Objective[i]
			// Plain alternation has no line search: rounding may show.
			if slack := 1e-13 * math.Abs(a); b > a && (k%5 != 4 || b > a+slack) {
				t.Errorf("problem %d (%v): step %d rises from %.17g to %.17g", k, parts(s), i, a, b)
			}
		}
		if p.loss == lossInterpolation && s.Interpolation > 1e-9 {
			t.Errorf("problem %d: %v", k, s)
		}
		if !math.IsNaN(s.Gap) {
			convex++
			if s.Gap > 1e-8 && err == nil {
				t.Errorf("problem %d (%v): gap %.3g, %v", k, parts(s), s.Gap, s)
			}
		}
		if want := s.Objective[0]; s.Final() > want {
			t.Errorf("problem %d ends at %v, above its start at %v", k, s.Final(), want)
		}
	}
	t.Logf("%d problems, %d of them convex, %d stopped by rounding", count, convex, stalled)
	if stalled > count/20 {
		t.Errorf("%d of %d problems ended by rounding", stalled, count)
	}
}

func parts(s *Solution) (names []string) {
	for _, p := range s.Parts {
		names = append(names, p.Structure)
	}
	return names
}
