package feature

import (
	"errors"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// layers are dense layers with biases, at one node and at three, and others of
// their kind.
func layers(rng *rand.Rand) map[string][2]DenseLayer {
	average := func(n int) DenseLayer {
		mean := NewSignals(random(rng, n*c, out), n, c, 1)
		return DenseLayer{NewDense(NewSignals(random(rng, 3*n*c, out), n, c, 3), random(rng, 3*n, in), nodes, 0.7), NewBias(mean, 0.4)}
	}
	single := func(n int) DenseLayer {
		d := NewSignals(random(rng, n*c, out), n, c, 1)
		return DenseLayer{NewDense(d, random(rng, n, in), nil, 0.7), NewBias(d, 0.4)}
	}
	last := func(n int) DenseLayer {
		d := UnitSignals(n, c)
		return DenseLayer{NewDense(d, random(rng, n, in), nil, 0.7), NewBias(d, 0.4)}
	}
	return map[string][2]DenseLayer{
		"single":  {single(n), single(m)},
		"average": {average(n), average(m)},
		"last":    {last(n), last(m)},
	}
}

// checkProducts compares the kernel of a, and that of a and b, with the sums of
// their blocks' for any number of rows at a time. It gives the sum for a.
func checkProducts(t *testing.T, name string, a, b Layer) blas64.General {
	t.Helper()
	want, cross := linalg.New(n*c, n*c), linalg.New(n*c, m*c)
	var s Scratch
	for i, block := range a.Blocks() {
		block.Gram(Scalar(1), want, &s)
		block.Cross(b.Blocks()[i], Scalar(1), cross, &s)
	}
	linalg.MirrorUpper(want)
	for _, rows := range []int{0, 1, 2, 100} {
		how := Products{Rows: rows}
		k, kc := linalg.New(n*c, n*c), linalg.New(n*c, m*c)
		if err := a.Gram(k, how, &s); err != nil {
			t.Fatal(err)
		}
		linalg.MirrorUpper(k)
		if err := a.Cross(b, kc, how, &s); err != nil {
			t.Fatal(err)
		}
		near(t, name+": Gram", k.Data, want.Data)
		near(t, name+": Cross", kc.Data, cross.Data)
	}
	return want
}

// checkPieces has a block tell of its pieces, and stop before the first where it
// is interrupted.
func checkPieces(t *testing.T, name string, b Block) {
	t.Helper()
	var s Scratch
	whole, pieces, last := linalg.New(n*c, n*c), 0, 0
	s.Piece = func(done, total int) {
		if pieces++; done <= last || done > total {
			t.Errorf("%s: piece %d of %d after %d", name, done, total, last)
		}
		last = done
	}
	b.Gram(Scalar(1), whole, &s)
	if pieces == 0 {
		t.Errorf("%s: nothing is told of pieces", name)
	}
	pieces, s.Interrupted = 0, func() error { return errors.New("enough") }
	if b.Gram(Scalar(1), whole, &s); pieces != 0 {
		t.Errorf("%s: %d pieces after an interrupt", name, pieces)
	}
}

// A layer's kernel is the sum of its blocks' for any number of rows at a time,
// and its homogeneous form has the same.
func TestLayerIsTheSumOfItsBlocks(t *testing.T) {
	for name, pair := range layers(rand.New(rand.NewPCG(5, 0))) {
		a, b := pair[0], pair[1]
		want := checkProducts(t, name, a, b)
		checkPieces(t, name, a.Weights)
		if name != "average" { // its mean signals here are none of its weights' own
			k := linalg.New(n*c, n*c)
			a.Joined().Gram(Scalar(1), k, &Scratch{})
			linalg.MirrorUpper(k)
			near(t, name+": Joined", k.Data, want.Data)
		}
	}
}

// Both ways to an averaged layer's block agree.
func TestOuterEqualsPairs(t *testing.T) {
	pair := layers(rand.New(rand.NewPCG(6, 0)))["average"]
	a := pair[0].Weights
	for _, b := range []*Dense{a, pair[1].Weights} {
		outer, pairs := linalg.New(n*c, b.rows()), linalg.New(n*c, b.rows())
		how := Products{symmetric: a == b}
		var s Scratch
		s.loops()
		if err := a.addOuter(outer, b, nil, 1, how, &s); err != nil {
			t.Fatal(err)
		}
		if err := a.addTerm(pairs, b, Scalar(1).terms()[0], 0, how, &s); err != nil {
			t.Fatal(err)
		}
		if a == b {
			linalg.MirrorUpper(outer)
			linalg.MirrorUpper(pairs)
		}
		near(t, "outer and pairs", outer.Data, pairs.Data)
	}
}

func TestInterruption(t *testing.T) {
	stop := errors.New("stop")
	for name, pair := range layers(rand.New(rand.NewPCG(7, 0))) {
		s := Scratch{Interrupted: func() error { return stop }}
		err := pair[0].Gram(linalg.New(n*c, n*c), Products{}, &s)
		if !errors.Is(err, stop) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// Rows of blocks allocate nothing once the work space is there.
func TestProductsDoNotAllocate(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 0))
	d := NewSignals(random(rng, 90*2, 64), 90, 2, 1)
	l := DenseLayer{NewDense(d, random(rng, 90, 40), nil, 1), NewBias(d, 1)}
	k := linalg.New(180, 180)
	var s Scratch
	sweep := func(rows int) float64 {
		return testing.AllocsPerRun(20, func() {
			if err := l.Gram(k, Products{Rows: rows}, &s); err != nil {
				t.Fatal(err)
			}
		})
	}
	if one, many := sweep(90), sweep(5); many > one {
		t.Errorf("%v allocations in 18 blocks of rows, %v in one", many, one)
	}
}
