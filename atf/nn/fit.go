package nn

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// Fit trains on the rows of x (n × d) with targets y (n × C). The model itself
// does not change; the history holds what came out.
//
// Whatever happens once training has begun, the history comes back. When the
// Context ends it holds what was done, and the error wraps the context's.
// Training that diverged gives a *DivergedError, which says what counts as that,
// and the history's network is the best point: that at the start of the epoch
// with the lowest training loss. Settings that make no sense, shapes of x, y,
// the validation examples and the model that do not fit, data that are not
// finite or not what the loss takes, and memory beyond the budget are errors
// with a nil history.
func (t *Trainer) Fit(x, y mat.Matrix) (*History, error) {
	start := time.Now()
	f, err := t.begin(x, y)
	if err != nil {
		return nil, err
	}
	ctx := t.ctx
	if ctx == nil {
		ctx = context.Background()
	}
	if err = f.run(ctx); err == nil {
		err = f.checkEnd()
	}
	f.finish()
	f.history.Time = time.Since(start)
	return f.history, err
}

// fit is a training run.
type fit struct {
	*Trainer
	x, y, vx, vy blas64.General
	xb, yb       blas64.General // the batch, gathered
	sig          blas64.General
	theta, grad  []float64
	start, next  []float64 // parameters at the start of the epoch of lowest loss; at that of this epoch
	lowest       float64   // that loss
	best         []float64
	runner       Runner
	updater      *updater
	gather       *par.Loop
	order        []int
	rng          *rand.Rand
	lo           int // where the batch begins in order
	keep         []int
	history      *History
}

func (t *Trainer) begin(x, y mat.Matrix) (*fit, error) {
	n, _ := x.Dims()
	if n > 0 {
		if err := t.checkShapes("", x, y); err != nil {
			return nil, err
		}
	}
	if err := t.check(n); err != nil {
		return nil, err
	}
	f := &fit{Trainer: t, x: linalg.General(x), y: linalg.General(y)}
	if err := checkData("", t.loss, f.x, f.y); err != nil {
		return nil, err
	}
	if t.vx != nil {
		if rows, _ := t.vx.Dims(); rows == 0 {
			return nil, fmt.Errorf("nn: there are no examples to validate on")
		}
		if err := t.checkShapes("validation ", t.vx, t.vy); err != nil {
			return nil, err
		}
		f.vx, f.vy = linalg.General(t.vx), linalg.General(t.vy)
		if err := checkData("validation ", t.loss, f.vx, f.vy); err != nil {
			return nil, err
		}
	}
	size := t.size(n)
	perEpoch := (t.seen(n) + size - 1) / size
	if t.decadeSet {
		f.keep = snapshotSteps(t.decade, max(1, t.total()*perEpoch))
	}
	if err := t.checkBudget(size, len(f.keep)); err != nil {
		return nil, err
	}
	f.theta = t.model.Params()
	f.grad = make([]float64, len(f.theta))
	f.start, f.next, f.lowest = append([]float64(nil), f.theta...), make([]float64, len(f.theta)), math.Inf(1)
	f.runner = t.model.Runner(f.theta)
	f.updater = newUpdater(t.kind, t.momentum, f.theta, f.grad)
	if t.decay > 0 {
		f.updater.decayTo(append([]float64(nil), f.theta...), t.decay)
	}
	f.sig = linalg.New(size, f.y.Cols)
	if t.kind != gradientDescent {
		f.xb, f.yb = linalg.New(size, f.x.Cols), linalg.New(size, f.y.Cols)
		f.gather = par.NewLoop(f.copyRows)
		f.order = make([]int, n)
		for i := range f.order {
			f.order[i] = i
		}
	}
	f.rng = rand.New(rand.NewPCG(t.seed, 1<<32))
	f.history = &History{BestEpoch: -1, LossName: t.loss.Name(), Key: t.Fingerprint(x, y), Stopped: StoppedEpochs}
	return f, nil
}

func (t *Trainer) checkShapes(what string, x, y mat.Matrix) error {
	n, d := x.Dims()
	ny, c := y.Dims()
	if n != ny || d != t.model.Inputs() || c != t.model.Outputs() {
		return fmt.Errorf("nn: the %sinputs are %d × %d and the targets %d × %d, for a model of %d inputs and %d outputs: give one example in each row of both",
			what, n, d, ny, c, t.model.Inputs(), t.model.Outputs())
	}
	return nil
}

func checkData(what string, l Loss, x, y blas64.General) error {
	if err := linalg.Finite("nn: the matrix of "+what+"inputs", x); err != nil {
		return err
	}
	if err := linalg.Finite("nn: the matrix of "+what+"targets", y); err != nil {
		return err
	}
	return l.Check(y)
}

func (t *Trainer) checkBudget(size, snapshots int) error {
	vectors := 5 + optimizerVectors(t.kind, t.momentum) + snapshots
	if t.decay > 0 {
		vectors++
	}
	bytes := 8 * int64(vectors) * int64(t.model.NumParams())
	bytes += 8 * int64(size) * int64(t.model.Inputs()+2*t.model.Outputs())
	if m, ok := t.model.(interface{ PassBytes(rows int) int64 }); ok {
		bytes += m.PassBytes(size)
		if t.vx != nil {
			bytes += m.PassBytes(t.validationRows(size))
		}
	}
	advice := "take smaller batches"
	if snapshots > 0 {
		advice = "keep fewer snapshots, or take smaller batches"
	}
	return budget.Check("nn: training", bytes, 0, advice)
}

// run trains epoch by epoch.
func (f *fit) run(ctx context.Context) error {
	h, total := f.history, f.total()
	best, since := math.Inf(1), 0
	defer func() { // also when it ended early
		if n := len(h.Loss); n > 0 && n < total {
			f.progress.Send(progress.Report{Task: "train", Done: n, Total: total, Measure: "loss", Value: h.Loss[n-1], Ended: true})
		}
	}()
	f.snapshot()
	for epoch := range total {
		rate := f.RateAt(epoch)
		loss, err := f.epoch(ctx, epoch, rate)
		if err != nil {
			return err
		}
		h.Loss, h.Rate = append(h.Loss, loss), append(h.Rate, rate)
		if loss < f.lowest {
			f.lowest, f.start, f.next = loss, f.next, f.start
		}
		if f.vx.Rows > 0 {
			if v := f.validate(); v < best || h.BestEpoch < 0 {
				if v < best { // not so for NaN in the first epoch
					best = v
				}
				h.BestEpoch, since = epoch, 0
				f.best = append(f.best[:0], f.theta...)
			} else {
				since++
			}
		}
		f.progress.Send(progress.Report{Task: "train", Done: epoch + 1, Total: total, Measure: "loss", Value: loss})
		if f.stopSet && loss <= f.stopAt {
			h.Stopped = StoppedLoss
			return nil
		}
		if f.waits && since >= f.patience {
			h.Stopped = StoppedPatience
			return nil
		}
	}
	return nil
}

// epoch takes the steps of one epoch and gives its mean training loss.
func (f *fit) epoch(ctx context.Context, epoch int, rate float64) (float64, error) {
	n, size := f.seen(f.x.Rows), f.size(f.x.Rows)
	copy(f.next, f.theta)
	f.shuffle()
	sum := 0.0
	for lo := 0; lo < n; lo += size {
		if err := ctx.Err(); err != nil {
			f.history.Stopped = StoppedCancelled
			return 0, fmt.Errorf("nn: training ended in epoch %d of %d: %w", epoch+1, f.total(), err)
		}
		hi := min(lo+size, n)
		loss := f.step(lo, hi, rate)
		if !finite(loss) {
			return 0, f.diverged(&DivergedError{Epoch: epoch + 1, Step: f.history.Steps + 1, Rate: rate, Loss: loss, Start: math.NaN()})
		}
		sum += loss * float64(hi-lo)
		f.snapshot()
	}
	// Parameters may leave the finite numbers in the last step, which no loss
	// has seen.
	for _, v := range f.theta {
		if !finite(v) {
			return 0, f.diverged(&DivergedError{Epoch: epoch + 1, Step: f.history.Steps + 1, Rate: rate, Loss: math.NaN(), Start: math.NaN()})
		}
	}
	return sum / float64(n), nil
}

// step takes one step on the examples lo to hi of the epoch's order, and gives
// their loss before it. It does not move when that is not finite.
func (f *fit) step(lo, hi int, rate float64) float64 {
	x, y := f.batchOf(lo, hi)
	out := f.runner.Forward(x)
	sig := linalg.Rows(f.sig, 0, hi-lo)
	loss := f.loss.Signal(sig, out, y)
	if !finite(loss) {
		return loss
	}
	f.runner.Gradient(sig, f.grad)
	f.updater.step(rate)
	f.runner.Changed()
	f.history.Steps++
	return loss
}

func (f *fit) batchOf(lo, hi int) (x, y blas64.General) {
	if f.kind == gradientDescent {
		return f.x, f.y
	}
	f.lo = lo
	f.gather.Run(hi-lo, max(1, (1<<15)/f.x.Cols))
	return linalg.Rows(f.xb, 0, hi-lo), linalg.Rows(f.yb, 0, hi-lo)
}

func (f *fit) copyRows(lo, hi int) {
	for i := lo; i < hi; i++ {
		from := f.order[f.lo+i]
		copy(f.xb.Data[i*f.xb.Stride:], f.x.Data[from*f.x.Stride:from*f.x.Stride+f.x.Cols])
		copy(f.yb.Data[i*f.yb.Stride:], f.y.Data[from*f.y.Stride:from*f.y.Stride+f.y.Cols])
	}
}

// shuffle draws the epoch's order (Fisher and Yates).
func (f *fit) shuffle() {
	for i := len(f.order) - 1; i > 0; i-- {
		j := f.rng.IntN(i + 1)
		f.order[i], f.order[j] = f.order[j], f.order[i]
	}
}

// snapshot keeps the parameters when their step has come.
func (f *fit) snapshot() {
	if len(f.keep) > 0 && f.history.Steps == f.keep[0] {
		f.keep = f.keep[1:]
		f.take()
	}
}

func (f *fit) take() {
	f.history.Snapshots = append(f.history.Snapshots, Snapshot{Step: f.history.Steps, Params: append([]float64(nil), f.theta...)})
}

// validationRows is the number of validation examples passed at a time.
func (t *Trainer) validationRows(size int) int {
	n, _ := t.vx.Dims()
	return min(n, max(size, 512))
}

// outputs are those of the present parameters at the rows of x, so many at a time.
func (f *fit) outputs(x blas64.General, rows int) *mat.Dense {
	out := mat.NewDense(x.Rows, f.y.Cols, nil)
	raw := out.RawMatrix()
	for lo := 0; lo < x.Rows; lo += rows {
		hi := min(lo+rows, x.Rows)
		o := f.runner.Forward(linalg.Rows(x, lo, hi))
		for i := range o.Rows {
			copy(raw.Data[(lo+i)*raw.Stride:(lo+i+1)*raw.Stride], o.Data[i*o.Stride:i*o.Stride+o.Cols])
		}
	}
	return out
}

// validate measures the validation examples and gives what decides. Outputs that
// are not finite have no error rate: it is NaN, which no epoch is best by.
func (f *fit) validate() float64 {
	out := f.outputs(f.vx, f.validationRows(f.size(f.x.Rows)))
	var y mat.Dense
	y.SetRawMatrix(f.vy)
	loss := f.loss.Value(out.RawMatrix(), f.vy)
	wrong, err := ErrorRate(out, &y)
	if err != nil {
		wrong = math.NaN()
	}
	h := f.history
	h.ValidationLoss, h.ValidationError = append(h.ValidationLoss, loss), append(h.ValidationError, wrong)
	if f.decidesByError() {
		return wrong
	}
	return loss
}

// finish puts the parameters into the history.
func (f *fit) finish() {
	h := f.history
	if f.decadeSet && h.Stopped != StoppedDiverged && (len(h.Snapshots) == 0 || h.Snapshots[len(h.Snapshots)-1].Step != h.Steps) {
		f.take()
	}
	if net, ok := f.model.(*Network); ok {
		h.Network = net.over(f.theta)
		if f.best != nil {
			h.Best = net.over(f.best)
		}
		return
	}
	h.Params, h.BestParams = f.theta, f.best
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
