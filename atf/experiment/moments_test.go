package experiment

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// The first and the last moment are the run's start and end, and the thirds are
// taken by |y|.
func TestMomentsOfTraining(t *testing.T) {
	e := Figure1(points(t, 120)).Rate(0.002).Epochs(6)
	moments := must(e.Moments(1, Signs, 31, 3))
	// Two batches of an epoch: 12 steps.
	for i, step := range []int{0, 1, 2, 5, 10, 12} {
		if len(moments) != 6 || moments[i].Step != step {
			t.Fatalf("%d moments, %+v", len(moments), moments)
		}
	}
	r := must(e.Train(1, Signs))
	at := r.Images.Head(31)
	labels := must(kernel.Label(r.OutputChange(at.X)))
	for _, c := range []struct {
		m   Moment
		net *tangent.Features
	}{{moments[0], must(tangent.At(r.From, at.X))}, {moments[5], must(tangent.At(r.To, at.X))}} {
		k, layers := must(c.net.Kernel()), must(c.net.LayerKernels())
		near := func(name string, got, want float64) {
			if math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
				t.Errorf("step %d, %s: %v, want %v", c.m.Step, name, got, want)
			}
		}
		near("whole", c.m.All.Whole, must(kernel.CKA(k, labels)))
		near("similarity", c.m.All.Similarity, must(kernel.Similarity(k, labels)))
		near("length", c.m.All.Length, stat.Mean(k.Diagonal(), nil))
		for l, part := range layers {
			near("layer", c.m.All.Layers[l], must(kernel.CKA(part, labels)))
		}
		size := mat.Col(nil, 0, at.Y)
		for i, v := range size {
			size[i] = math.Abs(v)
		}
		k, labels := k.OrderBy(size), labels.OrderBy(size)
		first, last := make([]int, 10), make([]int, 10)
		for i := range 10 {
			first[i], last[i] = i, 21+i
		}
		near("hard", c.m.Hard.Whole, must(kernel.CKA(k.Subset(first), labels.Subset(first))))
		near("easy", c.m.Easy.Whole, must(kernel.CKA(k.Subset(last), labels.Subset(last))))
		near("hard length", c.m.Hard.Length, stat.Mean(k.Subset(first).Diagonal(), nil))
		near("easy length", c.m.Easy.Length, stat.Mean(k.Subset(last).Diagonal(), nil))
	}
}

func TestMomentsRefuse(t *testing.T) {
	e := Figure1(points(t, 110)).Rate(0.002).Epochs(1)
	for want, c := range map[string]struct{ n, perDecade int }{
		"at 5 images":   {5, 2},
		"at 111 images": {111, 2},
		"Snapshots(0)":  {20, 0},
	} {
		if _, err := e.Moments(1, Smooth, c.n, c.perDecade); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if _, err := e.Moments(1, "z", 20, 2); err == nil || !strings.Contains(err.Error(), `"z"`) {
		t.Errorf("unknown targets: %v", err)
	}
}
