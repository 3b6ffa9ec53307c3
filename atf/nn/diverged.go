package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// divergedFactor is how many times its start the training loss must be at the
// end to count as diverged.
const divergedFactor = 100

// DivergedError reports training that diverged: a loss or parameters that were
// NaN or infinite, or a training loss that stands, when all epochs are done or
// patience is out, at more than 100 times its start. The start is the loss of all
// examples at the parameters training began with, or that of outputs 0, whichever
// is larger, so that a network trained before is not blamed for leaving a loss
// near 0. Only the end is judged: a loss may rise by any factor and come back, as
// it does at large learning rates (Lewkowycz et al., The large learning rate
// phase of deep learning: the catapult mechanism, 2020). A loss of the caller's
// own whose start is not positive is judged by NaN and infinity alone.
//
// The history beside it holds the best parameters: those at the start of the
// epoch with the lowest training loss.
type DivergedError struct {
	Epoch, Step int     // where, counted from 1; the last ones when the end shows it
	Rate        float64 // the learning rate
	Loss        float64 // NaN, infinite, or the training loss at the end
	Start       float64 // what Loss is held against; NaN where Loss needs no such thing
}

func (e *DivergedError) Error() string {
	s := fmt.Sprintf("nn: training diverged in epoch %d (step %d) at learning rate %g: the loss is %.3g", e.Epoch, e.Step, e.Rate, e.Loss)
	if !math.IsNaN(e.Start) {
		s = fmt.Sprintf("nn: training diverged: at its end, epoch %d (step %d) at learning rate %g, the loss is %.3g, at its start it was %.3g", e.Epoch, e.Step, e.Rate, e.Loss, e.Start)
	}
	return s + "; lower the rate; the history beside this error holds the parameters of the lowest loss"
}

// diverged puts the best parameters back.
func (f *fit) diverged(err *DivergedError) error {
	f.history.Stopped = StoppedDiverged
	f.moveTo(f.start)
	return err
}

func (f *fit) moveTo(theta []float64) {
	copy(f.theta, theta)
	f.runner.Changed()
}

// checkEnd tells whether training that went through to its end diverged. The
// loss at the start is taken only where the last epoch, or the last batch after
// the last step, gives cause: it needs a pass over all examples.
func (f *fit) checkEnd() error {
	h := f.history
	if h.Steps == 0 || h.Stopped != StoppedEpochs && h.Stopped != StoppedPatience {
		return nil
	}
	zero := f.lossOf(mat.NewDense(f.y.Rows, f.y.Cols, nil))
	if !(zero > 0) {
		zero = 0
	}
	n, size := f.x.Rows, f.size(f.x.Rows)
	x, y := f.batchOf((n-1)/size*size, n)
	last := f.loss.Value(f.runner.Forward(x), y)
	if math.Max(h.FinalLoss(), last) <= divergedFactor*zero { // not so for NaN
		return nil
	}
	end := f.lossOf(f.outputs(f.x, size))
	theta := append([]float64(nil), f.theta...)
	f.moveTo(f.model.Params())
	start := math.Max(zero, f.lossOf(f.outputs(f.x, size)))
	f.moveTo(theta)
	err := &DivergedError{Epoch: h.Epochs(), Step: h.Steps, Rate: h.Rate[len(h.Rate)-1], Loss: end, Start: start}
	switch {
	case !finite(end):
		err.Start = math.NaN()
	case !(start > 0) || end <= divergedFactor*start:
		return nil
	}
	return f.diverged(err)
}

// lossOf is the loss of outputs at all examples.
func (f *fit) lossOf(out *mat.Dense) float64 { return f.loss.Value(linalg.General(out), f.y) }
