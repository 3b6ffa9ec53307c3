package nn

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// Trainer gathers how a model is trained. Every setter returns a changed copy,
// and of several calls about the same matter the last holds. What is wrong is
// reported by Fit.
type Trainer struct {
	model     Model
	loss      Loss
	kind      optimizerKind
	rate      float64
	momentum  float64
	decay     float64
	schedule  schedule
	epochs    int
	epochsSet bool
	batch     int
	batchSet  bool
	drawn     int
	draws     bool
	whole     bool
	seed      uint64
	stopAt    float64
	stopSet   bool
	decade    int
	decadeSet bool
	vx, vy    mat.Matrix
	patience  int
	waits     bool
	measure   measure
	ctx       context.Context
	progress  progress.Func
}

type measure uint8

const (
	byDefault measure = iota
	byLoss
	byError
)

// The defaults of a trainer.
const (
	DefaultRate   = 0.1
	DefaultEpochs = 100
	DefaultBatch  = 32
)

// Train begins the training of a network, or of another Model, from the
// parameters it has. Without further calls: MSE, SGD(0.1) without momentum, a
// constant rate, 100 epochs, batches of 32 (or all examples, where they are
// fewer), seed 0.
func Train(m Model) *Trainer {
	return &Trainer{model: m, loss: MSE, rate: DefaultRate}
}

// Loss sets what is minimised: MSE (the default), Logistic,
// SoftmaxCrossEntropy or a loss of the caller's own.
func (t Trainer) Loss(l Loss) *Trainer { t.loss = l; return &t }

// SGD takes stochastic gradient steps θ ← θ − rate·g on shuffled batches.
func (t Trainer) SGD(rate float64) *Trainer { t.kind, t.rate = sgd, rate; return &t }

// Momentum adds momentum μ in [0, 1) to SGD or GradientDescent: v ← μv + g,
// θ ← θ − rate·v, as PyTorch has it.
func (t Trainer) Momentum(mu float64) *Trainer { t.momentum = mu; return &t }

// Adam takes the steps of Kingma and Ba (2015) on shuffled batches, with
// β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
func (t Trainer) Adam(rate float64) *Trainer { t.kind, t.rate = adam, rate; return &t }

// GradientDescent takes one step an epoch, with the gradient of all examples
// in their given order. It excludes Batch.
func (t Trainer) GradientDescent(rate float64) *Trainer {
	t.kind, t.rate = gradientDescent, rate
	return &t
}

// DecayToStart pulls the parameters back to θ₀, where training begins: every
// step takes the gradient of loss + (λ/2)‖θ − θ₀‖², so that training trades its
// loss for a smaller deviation, the λ‖θ − θ₀‖² of the paper's eq. (3) with a
// finite price. With Adam the term is part of the gradient, as in Kingma and
// Ba, not decoupled from it. Losses are reported without the term. λ must be
// finite and not negative; the default is 0, no pull.
func (t Trainer) DecayToStart(lambda float64) *Trainer { t.decay = lambda; return &t }

// Constant keeps the learning rate: the default.
func (t Trainer) Constant() *Trainer { t.schedule = schedule{}; return &t }

// Cosine lowers the rate to 0 over the given number of epochs: in epoch e,
// counted from 0, it is rate·(1 + cos(πe/epochs))/2. Where Epochs is not
// called, that many are trained; more than that are an error.
func (t Trainer) Cosine(epochs int) *Trainer {
	t.schedule = schedule{kind: cosineRate, epochs: epochs}
	return &t
}

// Step multiplies the rate by factor after every so many epochs.
func (t Trainer) Step(every int, factor float64) *Trainer {
	t.schedule = schedule{kind: stepRate, epochs: every, factor: factor}
	return &t
}

// Epochs sets how often all examples are seen; 0 trains nothing.
func (t Trainer) Epochs(n int) *Trainer { t.epochs, t.epochsSet = n, true; return &t }

// Batch sets the number of examples of a step. The last batch of an epoch has
// what is left. More than there are examples is an error.
func (t Trainer) Batch(n int) *Trainer { t.batch, t.batchSet = n, true; return &t }

// Draw has every epoch see n of the examples, drawn anew from all of them, none
// twice in one epoch: what a pipeline does that shuffles, takes n and repeats.
// The default is that every epoch sees all. More than there are is an error, and
// so is GradientDescent, which takes all.
func (t Trainer) Draw(n int) *Trainer { t.drawn, t.draws = n, true; return &t }

// WholeBatches leaves out the last batch of an epoch where it has fewer examples
// than the others: which examples those are changes from epoch to epoch.
func (t Trainer) WholeBatches() *Trainer { t.whole = true; return &t }

// Seed chooses the order of the examples; the default is 0.
func (t Trainer) Seed(seed uint64) *Trainer { t.seed = seed; return &t }

// StopAt ends training after an epoch whose training loss is at most loss.
func (t Trainer) StopAt(loss float64) *Trainer { t.stopAt, t.stopSet = loss, true; return &t }

// Snapshots keeps the parameters at steps 0, the rounded powers of
// 10^(1/perDecade), and the last step.
func (t Trainer) Snapshots(perDecade int) *Trainer {
	t.decade, t.decadeSet = perDecade, true
	return &t
}

// Validate measures loss and error on further examples after every epoch and
// keeps the best parameters.
func (t Trainer) Validate(x, y mat.Matrix) *Trainer { t.vx, t.vy = x, y; return &t }

// Patience ends training when validation has not improved for that many
// epochs. It needs Validate.
func (t Trainer) Patience(epochs int) *Trainer { t.patience, t.waits = epochs, true; return &t }

// ByLoss lets the validation loss decide which epoch is best: the default for
// MSE and losses of the caller's own.
func (t Trainer) ByLoss() *Trainer { t.measure = byLoss; return &t }

// ByError lets the share of wrong decisions (ErrorRate) on the validation
// examples decide which epoch is best: the default for Logistic and
// SoftmaxCrossEntropy.
func (t Trainer) ByError() *Trainer { t.measure = byError; return &t }

// Progress is told the training loss after every epoch.
func (t Trainer) Progress(f progress.Func) *Trainer { t.progress = f; return &t }

// Context lets Fit be interrupted: it then returns what was done so far and the
// context's error. Default, and for nil: none.
func (t Trainer) Context(ctx context.Context) *Trainer { t.ctx = ctx; return &t }

// total is the number of epochs.
func (t *Trainer) total() int {
	switch {
	case t.epochsSet:
		return t.epochs
	case t.schedule.kind == cosineRate:
		return t.schedule.epochs
	}
	return DefaultEpochs
}

// size is the batch for n examples.
func (t *Trainer) size(n int) int {
	switch {
	case t.kind == gradientDescent:
		return n
	case t.batchSet:
		return t.batch
	}
	return min(DefaultBatch, t.offered(n))
}

// offered is the number of examples from which an epoch makes its batches.
func (t *Trainer) offered(n int) int {
	if t.draws {
		return min(n, t.drawn)
	}
	return n
}

// seen is the number of examples that an epoch sees, of n.
func (t *Trainer) seen(n int) int {
	offered := t.offered(n)
	if size := t.size(n); t.whole && size > 0 {
		offered -= offered % size
	}
	return offered
}

// decidesByError tells which measure makes an epoch best.
func (t *Trainer) decidesByError() bool {
	if t.measure != byDefault {
		return t.measure == byError
	}
	return t.loss == Logistic || t.loss == SoftmaxCrossEntropy
}

// RateAt is the learning rate of an epoch, counted from 0.
func (t *Trainer) RateAt(epoch int) float64 { return t.rate * t.schedule.at(epoch) }

// check says what is wrong with the settings for n examples.
func (t *Trainer) check(n int) error {
	epochs := t.total()
	switch {
	case t.loss == nil:
		return fmt.Errorf("nn: the trainer's loss is nil")
	case n == 0:
		return fmt.Errorf("nn: there are no examples to train on")
	case !(t.rate > 0) || math.IsInf(t.rate, 0):
		return fmt.Errorf("nn: the learning rate is %v: it must be positive and finite", t.rate)
	case !(t.momentum >= 0 && t.momentum < 1):
		return fmt.Errorf("nn: Momentum(%v): it must lie in [0, 1)", t.momentum)
	case t.momentum > 0 && t.kind == adam:
		return fmt.Errorf("nn: Momentum(%v) belongs to SGD or GradientDescent: Adam has its own", t.momentum)
	case !(t.decay >= 0) || math.IsInf(t.decay, 0):
		return fmt.Errorf("nn: DecayToStart(%v): the weight of ½‖θ − θ₀‖² must be finite and not negative", t.decay)
	case t.batchSet && t.kind == gradientDescent:
		return fmt.Errorf("nn: Batch(%d) and GradientDescent exclude each other: gradient descent takes all examples at once", t.batch)
	case t.batchSet && t.batch <= 0:
		return fmt.Errorf("nn: Batch(%d): the number of examples in a batch must be positive", t.batch)
	case t.batchSet && t.batch > n:
		return fmt.Errorf("nn: Batch(%d) asks for more than the %d examples there are", t.batch, n)
	case t.draws && t.drawn <= 0:
		return fmt.Errorf("nn: Draw(%d): the number of examples of an epoch must be positive", t.drawn)
	case t.draws && t.drawn > n:
		return fmt.Errorf("nn: Draw(%d) asks for more than the %d examples there are", t.drawn, n)
	case t.draws && t.kind == gradientDescent:
		return fmt.Errorf("nn: Draw(%d) and GradientDescent exclude each other: gradient descent takes all examples at once", t.drawn)
	case t.draws && t.batchSet && t.batch > t.drawn:
		return fmt.Errorf("nn: Batch(%d) asks for more than the %d examples that Draw gives an epoch", t.batch, t.drawn)
	case t.stopSet && math.IsNaN(t.stopAt):
		return fmt.Errorf("nn: StopAt(NaN): no loss reaches it")
	case t.decadeSet && t.decade <= 0:
		return fmt.Errorf("nn: Snapshots(%d): the number of snapshots in a decade of steps must be positive", t.decade)
	case t.waits && t.patience <= 0:
		return fmt.Errorf("nn: Patience(%d): the number of epochs must be positive", t.patience)
	case t.waits && t.vx == nil:
		return fmt.Errorf("nn: Patience(%d) needs examples to validate on: call Validate", t.patience)
	case t.epochsSet && epochs < 0:
		return fmt.Errorf("nn: Epochs(%d): the number must not be negative", epochs)
	}
	return t.schedule.check(epochs)
}

// Fingerprint names what Fit would make of these examples: every setting that
// numbers depend on, the model with its parameters, and the data.
func (t *Trainer) Fingerprint(x, y mat.Matrix) string {
	n, _ := x.Dims()
	w := fingerprint.New("nn.History/1").String(t.model.Fingerprint()).String(t.loss.Name())
	w.Int(int(t.kind)).Float(t.rate, t.momentum)
	w.Int(int(t.schedule.kind), t.schedule.epochs).Float(t.schedule.factor)
	w.Int(t.total(), t.size(n), int(t.seed))
	w.Bool(t.stopSet).Float(t.stopAt).Int(t.decade)
	if t.draws || t.whole { // other trainers keep the names they had
		w.String("epoch").Int(t.seen(n))
		w.Bool(t.draws).Bool(t.whole)
	}
	if t.decay != 0 {
		w.String("decay to start").Float(t.decay)
	}
	w.Matrix(x).Matrix(y).Matrix(t.vx).Matrix(t.vy)
	return w.Int(t.patience).Bool(t.decidesByError()).Sum()
}
