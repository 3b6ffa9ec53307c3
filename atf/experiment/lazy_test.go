package experiment

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// lazyTask is a small one, a product of two coordinates times scale.
func lazyTask(scale float64, depth, steps int) *LazyTask {
	x := must(data.Sphere(30, 4).Seed(3).Load()).X
	x.Scale(2, x)
	y := mat.NewDense(12, 1, nil)
	for i := range 12 {
		y.Set(i, 0, scale*x.At(i, 0)*x.At(i, 1))
	}
	return &LazyTask{X: mat.DenseCopyOf(x.Slice(0, 12, 0, 4)), Change: y, Fresh: mat.DenseCopyOf(x.Slice(12, 30, 0, 4)),
		Limit: kernel.InfiniteReLU(depth), Steps: steps}
}

func lazyNet(width int, seed uint64) *nn.Network {
	return must(nn.MLP(4, width, width, 1).NTK().NoBias().Seed(seed).Build())
}

// A network without hidden layers is linear and has the kernel of its limit, so
// both distances are those of the finite steps, which a recursion over the
// residuals gives: r ← r − ηK r. The same recursion gives what is left of a
// linearised ReLU network.
func TestLazyTaskLinear(t *testing.T) {
	task := lazyTask(1, 0, 400)
	net := must(nn.MLP(4, 1).NTK().NoBias().Seed(2).Build())
	d, linear := must(task.Follow(net)), must(task.FollowLinear(net))
	if len(d.Time) != len(d.Own) || d.Time[len(d.Time)-1] != 400*LazyStep {
		t.Fatalf("times %v for %d distances", d.Time, len(d.Own))
	}
	for i := range d.Time {
		if math.Abs(d.Own[i]-d.Limit[i]) > 1e-9 || math.Abs(d.Own[i]-linear.Own[i]) > 1e-9 {
			t.Errorf("time %v: %v to the own flow, %v to the limit, linearised %v", d.Time[i], d.Own[i], d.Limit[i], linear.Own[i])
		}
		if d.Own[i] > LazyStep {
			t.Errorf("time %v: steps of %v depart by %v from the flow", d.Time[i], LazyStep, d.Own[i])
		}
	}
	if d.Kernel > 1e-12 {
		t.Errorf("the kernel of a linear model changed by %v", d.Kernel)
	}
	left(t, task, d, must(tangent.NTK(net, task.X)))
	task, net = lazyTask(1, 2, 200), lazyNet(20, 1)
	left(t, task, must(task.FollowLinear(net)), must(tangent.NTK(net, task.X)))
}

// left holds d.Left against the recursion with kernel k.
func left(t *testing.T, task *LazyTask, d *Departure, k *kernel.Gram) {
	t.Helper()
	r := mat.VecDenseCopyOf(task.Change.ColView(0))
	size := mat.Norm(r, 2)
	top := must(kernel.Eigen(must(task.Limit.NTK(task.X)))).Values[0]
	next := 0
	for s := 1; s <= task.Steps; s++ {
		var kr mat.VecDense
		kr.MulVec(k, r)
		r.AddScaledVec(r, -LazyStep/top, &kr)
		if math.Abs(d.Time[next]-LazyStep*float64(s)) < LazyStep/2 {
			if want := mat.Norm(r, 2) / size; math.Abs(d.Left[next]-want) > 1e-9 {
				t.Errorf("step %d: %v is left, by the recursion %v", s, d.Left[next], want)
			}
			next++
		}
	}
	if next != len(d.Left) {
		t.Errorf("%d of %d times were compared", next, len(d.Left))
	}
}

// Wider networks depart less, larger changes more, and later times more; the
// numbers at the end are those of the vectors that are kept.
func TestLazyTaskFollow(t *testing.T) {
	end := func(task *LazyTask, width int) (own, change float64) {
		for seed := range uint64(4) {
			d := must(task.Follow(lazyNet(width, seed)))
			last := len(d.Own) - 1
			if got := floats.Distance(d.Change, d.Flow, 2) / floats.Norm(d.Flow, 2); math.Abs(got-d.Own[last]) > 1e-12 {
				t.Errorf("the vectors are %v apart, and Own ends at %v", got, d.Own[last])
			}
			if d.Own[last] < d.Own[0] {
				t.Errorf("width %d: departs by %v first and %v last", width, d.Own[0], d.Own[last])
			}
			own, change = own+d.Own[last]/4, change+d.Kernel/4
		}
		return own, change
	}
	narrow, narrowKernel := end(lazyTask(2, 2, 300), 12)
	wide, wideKernel := end(lazyTask(2, 2, 300), 96)
	far, farKernel := end(lazyTask(8, 2, 300), 96)
	if narrow < 2*wide || narrowKernel < 2*wideKernel {
		t.Errorf("width 12 departs by %v and turns its kernel by %v, width 96 by %v and %v", narrow, narrowKernel, wide, wideKernel)
	}
	if far < 1.5*wide || farKernel < 3*wideKernel {
		t.Errorf("four times the change: departs by %v against %v, turns the kernel by %v against %v", far, wide, farKernel, wideKernel)
	}
}

// Several networks at a time give what each gives by itself.
func TestLazyTaskFollowAll(t *testing.T) {
	task, nets := lazyTask(1, 2, 5), []*nn.Network{lazyNet(5, 1), lazyNet(7, 2), lazyNet(5, 3)}
	for i, d := range must(task.FollowAll(nets...)) {
		if alone := must(task.Follow(nets[i])); !reflect.DeepEqual(d, alone) {
			t.Errorf("network %d: %+v, alone %+v", i, *d, *alone)
		}
	}
	nets[1] = must(nn.MLP(3, 3, 1).Build())
	if _, err := task.FollowAll(nets...); err == nil || !strings.Contains(err.Error(), "network 1 of a lazy task") {
		t.Errorf("error %v does not name the network", err)
	}
}

func TestLazyTaskRefuses(t *testing.T) {
	net := lazyNet(5, 1)
	change := func(f func(*LazyTask)) error {
		task := lazyTask(1, 2, 3)
		f(task)
		_, err := task.Follow(net)
		_, linear := task.FollowLinear(net)
		if (err == nil) != (linear == nil) {
			t.Errorf("Follow says %v, FollowLinear %v", err, linear)
		}
		return err
	}
	for words, err := range map[string]error{
		"one of them is nil":     change(func(l *LazyTask) { l.Fresh = nil }),
		"0 steps":                change(func(l *LazyTask) { l.Steps = 0 }),
		"is 3 × 1":               change(func(l *LazyTask) { l.Change = mat.NewDense(3, 1, nil) }),
		"0 everywhere":           change(func(l *LazyTask) { l.Change.Zero() }),
		"new inputs of 5":        change(func(l *LazyTask) { l.Fresh = mat.NewDense(2, 5, nil) }),
		"NaN":                    change(func(l *LazyTask) { l.X.Set(0, 0, math.NaN()) }),
		"infinite network of -1": change(func(l *LazyTask) { l.Limit = kernel.InfiniteReLU(-1) }),
		"network of 2 outputs":   notFollowed(lazyTask(1, 2, 3).Follow(must(nn.MLP(4, 3, 2).Build()))),
		"a network that reads 3": notFollowed(lazyTask(1, 2, 3).Follow(must(nn.MLP(3, 3, 1).Build()))),
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
}

func notFollowed(_ *Departure, err error) error { return err }
