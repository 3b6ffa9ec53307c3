package nn

import (
	"fmt"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// The reasons for which training ends, as History.Stopped gives them.
const (
	StoppedEpochs    = "epochs"    // all epochs were done
	StoppedLoss      = "loss"      // the training loss reached StopAt
	StoppedPatience  = "patience"  // validation did not improve for Patience epochs
	StoppedCancelled = "cancelled" // the context ended
	StoppedDiverged  = "diverged"  // see DivergedError
)

// History is the result of training. Slices over epochs have one entry for
// every complete epoch.
type History struct {
	// Network is the trained network: after the last step, or, when training
	// diverged, at the start of the epoch with the lowest training loss. Nil for
	// a Model that is no Network.
	Network *Network
	// Best is the network after epoch BestEpoch, the first of the lowest
	// validation measure. Nil without validation.
	Best *Network
	// BestEpoch counts from 0; it is −1 without validation.
	BestEpoch int
	// Params and BestParams stand for Network and Best of a Model that is no
	// Network; nil else.
	Params, BestParams []float64

	// Loss is the mean training loss of each epoch: of its batches as they came,
	// each before its step, weighted by their sizes.
	Loss []float64
	// Rate is the learning rate of each epoch.
	Rate []float64
	// ValidationLoss and ValidationError (share of wrong decisions, see
	// ErrorRate, and NaN where it has none) are taken after each epoch; nil
	// without validation.
	ValidationLoss, ValidationError []float64

	// Snapshots are the parameters at log-spaced steps.
	Snapshots []Snapshot
	// Steps is the number of optimiser steps taken.
	Steps int
	// Stopped says why training ended.
	Stopped string
	// LossName is the loss that was trained with.
	LossName string
	// Key is the trainer's fingerprint with these data.
	Key string
	// Time is the wall time.
	Time time.Duration
}

// Snapshot holds the parameters after Step optimiser steps.
type Snapshot struct {
	Step   int
	Params []float64
}

// Epochs is the number of complete epochs.
func (h *History) Epochs() int { return len(h.Loss) }

// FinalLoss is the training loss of the last complete epoch. It panics when
// there was none.
func (h *History) FinalLoss() float64 {
	if len(h.Loss) == 0 {
		panic("nn: FinalLoss of a history without a complete epoch")
	}
	return h.Loss[len(h.Loss)-1]
}

// SnapshotNetwork is the network of snapshot i. It panics for a Model that is
// no Network and when there is no such snapshot.
func (h *History) SnapshotNetwork(i int) *Network {
	if h.Network == nil {
		panic("nn: SnapshotNetwork of a model that is no network")
	}
	if i < 0 || i >= len(h.Snapshots) {
		panic(fmt.Sprintf("nn: snapshot %d of %d", i, len(h.Snapshots)))
	}
	return h.Network.At(h.Snapshots[i].Params)
}

// Fingerprint names the history by what it was made from: the trainer's
// settings, the model and the data (Trainer.Fingerprint). A history that ended
// early by cancelling has another one, so that it is not taken for the whole.
func (h *History) Fingerprint() string {
	if h.Stopped != StoppedCancelled {
		return h.Key
	}
	return fingerprint.New("nn.History/cancelled/1").String(h.Key).Int(h.Steps).Sum()
}
