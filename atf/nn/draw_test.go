package nn

import (
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// watched notes the examples of every step that its runs take; each input is the
// example's own number.
type watched struct {
	Model
	batches *[][]int
}

func (m watched) Runner(theta []float64) Runner {
	return &watchedRunner{Runner: m.Model.Runner(theta), batches: m.batches}
}

type watchedRunner struct {
	Runner
	batches *[][]int
	now     []int
}

func (r *watchedRunner) Forward(x blas64.General) blas64.General {
	batch := make([]int, x.Rows)
	for i := range batch {
		batch[i] = int(x.Data[i*x.Stride])
	}
	r.now = batch
	return r.Runner.Forward(x)
}

func (r *watchedRunner) Gradient(signal blas64.General, grad []float64) {
	*r.batches = append(*r.batches, r.now)
	r.Runner.Gradient(signal, grad)
}

// Every epoch sees as many examples as it should, none twice; with Draw or
// WholeBatches all come in time.
func TestDrawAndWholeBatches(t *testing.T) {
	const n, epochs = 23, 40
	x := mat.NewDense(n, 1, nil)
	for i := range n {
		x.Set(i, 0, float64(i))
	}
	net := must(MLP(1, 1).Build())
	fingerprints := map[string]string{}
	for name, c := range map[string]struct {
		train             func(*Trainer) *Trainer
		batches, examples int // of an epoch
	}{
		"all":              {func(t *Trainer) *Trainer { return t.Batch(5) }, 5, 23},
		"whole batches":    {func(t *Trainer) *Trainer { return t.Batch(5).WholeBatches() }, 4, 20},
		"drawn":            {func(t *Trainer) *Trainer { return t.Batch(5).Draw(12) }, 3, 12},
		"drawn whole":      {func(t *Trainer) *Trainer { return t.Batch(5).Draw(12).WholeBatches() }, 2, 10},
		"drawn, one batch": {func(t *Trainer) *Trainer { return t.Draw(12).WholeBatches() }, 1, 12},
		"all drawn":        {func(t *Trainer) *Trainer { return t.Batch(5).Draw(23) }, 5, 23},
		"gradient descent": {func(t *Trainer) *Trainer { return t.GradientDescent(1e-9).WholeBatches() }, 1, 23},
	} {
		var batches [][]int
		train := c.train(Train(watched{net, &batches}).SGD(1e-9).Epochs(epochs))
		h := must(train.Context(t.Context()).Fit(x, x))
		if len(batches) != epochs*c.batches || h.Steps != len(batches) {
			t.Errorf("%s: %d batches in %d steps, wanted %d in each of %d epochs", name, len(batches), h.Steps, c.batches, epochs)
			continue
		}
		ever := map[int]bool{}
		for epoch := range epochs {
			now := map[int]bool{}
			for _, batch := range batches[epoch*c.batches : (epoch+1)*c.batches] {
				for _, i := range batch {
					now[i], ever[i] = true, true
				}
			}
			if len(now) != c.examples {
				t.Errorf("%s: epoch %d sees %d examples, wanted %d", name, epoch, len(now), c.examples)
			}
		}
		if len(ever) != n {
			t.Errorf("%s: only %d of %d examples are ever seen", name, len(ever), n)
		}
		f := train.Fingerprint(x, x)
		if other, ok := fingerprints[f]; ok {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		fingerprints[f] = name
	}
}
