package nn

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

func contains(err error, s string) bool { return err != nil && strings.Contains(err.Error(), s) }

func TestFitErrors(t *testing.T) {
	x, y := sine(10, 1)
	net := must(MLP(3, 4, 1).Build())
	wrong := mat.DenseCopyOf(x)
	wrong.Set(2, 1, math.NaN())
	inf := mat.DenseCopyOf(y)
	inf.Set(3, 0, math.Inf(-1))
	empty := &mat.Dense{}
	for want, run := range map[string]func() (*History, error){
		"learning rate is 0":                       func() (*History, error) { return Train(net).SGD(0).Context(t.Context()).Fit(x, y) },
		"learning rate is NaN":                     func() (*History, error) { return Train(net).Adam(math.NaN()).Context(t.Context()).Fit(x, y) },
		"learning rate is -1":                      func() (*History, error) { return Train(net).GradientDescent(-1).Context(t.Context()).Fit(x, y) },
		"Momentum(1)":                              func() (*History, error) { return Train(net).Momentum(1).Context(t.Context()).Fit(x, y) },
		"Momentum(-0.5)":                           func() (*History, error) { return Train(net).Momentum(-0.5).Context(t.Context()).Fit(x, y) },
		"Adam has its own":                         func() (*History, error) { return Train(net).Adam(1).Momentum(0.5).Context(t.Context()).Fit(x, y) },
		"exclude each other":                       func() (*History, error) { return Train(net).GradientDescent(1).Batch(2).Context(t.Context()).Fit(x, y) },
		"Batch(0)":                                 func() (*History, error) { return Train(net).Batch(0).Context(t.Context()).Fit(x, y) },
		"Batch(11) asks for more than the 10":      func() (*History, error) { return Train(net).Batch(11).Context(t.Context()).Fit(x, y) },
		"Draw(0)":                                  func() (*History, error) { return Train(net).Draw(0).Context(t.Context()).Fit(x, y) },
		"Draw(11) asks for more than the 10":       func() (*History, error) { return Train(net).Draw(11).Context(t.Context()).Fit(x, y) },
		"Draw(4) and GradientDescent exclude":      func() (*History, error) { return Train(net).GradientDescent(1).Draw(4).Context(t.Context()).Fit(x, y) },
		"Batch(5) asks for more than the 4":        func() (*History, error) { return Train(net).Batch(5).Draw(4).Context(t.Context()).Fit(x, y) },
		"Epochs(-1)":                               func() (*History, error) { return Train(net).Epochs(-1).Context(t.Context()).Fit(x, y) },
		"Cosine(0)":                                func() (*History, error) { return Train(net).Cosine(0).Context(t.Context()).Fit(x, y) },
		"Cosine(5) reaches the rate 0 before the ": func() (*History, error) { return Train(net).Cosine(5).Epochs(6).Context(t.Context()).Fit(x, y) },
		"Step(0, 0.5)":                             func() (*History, error) { return Train(net).Step(0, 0.5).Context(t.Context()).Fit(x, y) },
		"Step(2, 0)":                               func() (*History, error) { return Train(net).Step(2, 0).Context(t.Context()).Fit(x, y) },
		"StopAt(NaN)":                              func() (*History, error) { return Train(net).StopAt(math.NaN()).Context(t.Context()).Fit(x, y) },
		"Snapshots(0)":                             func() (*History, error) { return Train(net).Snapshots(0).Context(t.Context()).Fit(x, y) },
		"Patience(0)":                              func() (*History, error) { return Train(net).Validate(x, y).Patience(0).Context(t.Context()).Fit(x, y) },
		"Patience(3) needs examples":               func() (*History, error) { return Train(net).Patience(3).Context(t.Context()).Fit(x, y) },
		"loss is nil":                              func() (*History, error) { return Train(net).Loss(nil).Context(t.Context()).Fit(x, y) },
		"no examples to train on":                  func() (*History, error) { return Train(net).Context(t.Context()).Fit(empty, empty) },
		"no examples to validate on":               func() (*History, error) { return Train(net).Validate(empty, empty).Context(t.Context()).Fit(x, y) },
		"matrix of inputs holds NaN at row 2":      func() (*History, error) { return Train(net).Context(t.Context()).Fit(wrong, y) },
		"matrix of targets holds -Inf at row 3":    func() (*History, error) { return Train(net).Context(t.Context()).Fit(x, inf) },
		"validation inputs holds NaN":              func() (*History, error) { return Train(net).Validate(wrong, y).Context(t.Context()).Fit(x, y) },
		"logistic loss needs targets of −1 or 1":   func() (*History, error) { return Train(net).Loss(Logistic).Context(t.Context()).Fit(x, y) },
		"nn: the inputs are 10 × 3 and the targets 10 × 2, for a model of 3 inputs and 1 outputs": func() (*History, error) {
			return Train(net).Context(t.Context()).Fit(x, mat.NewDense(10, 2, nil))
		},
		"nn: the validation inputs are 10 × 3 and the targets 9 × 1, for a model of 3 inputs and 1 outputs": func() (*History, error) {
			return Train(net).Validate(x, mat.NewDense(9, 1, nil)).Context(t.Context()).Fit(x, y)
		},
	} {
		if h, err := run(); !contains(err, want) || h != nil {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	t.Setenv("ATF_MEMORY", "10kB")
	if _, err := Train(net).Snapshots(100).Context(t.Context()).Fit(x, y); !contains(err, "keep fewer snapshots") {
		t.Errorf("error %v", err)
	}
}

func TestStopAt(t *testing.T) {
	x, y := sine(30, 1)
	var last progress.Report
	h := must(Train(must(MLP(3, 30, 1).Build())).SGD(0.1).Epochs(500).StopAt(0.2).Progress(func(r progress.Report) { last = r }).Context(t.Context()).Fit(x, y))
	if want := (progress.Report{Task: "train", Done: len(h.Loss), Total: 500, Measure: "loss", Value: h.FinalLoss(), Ended: true}); last != want {
		t.Errorf("the last report is %+v, want %+v", last, want)
	}
	n := h.Epochs()
	if h.Stopped != StoppedLoss || n == 500 || h.Loss[n-1] > 0.2 || (n > 1 && h.Loss[n-2] <= 0.2) {
		t.Errorf("stopped by %s after %d epochs at %v", h.Stopped, n, h.FinalLoss())
	}
}

// TestPatience overfits noise and demands the best epoch back.
func TestPatience(t *testing.T) {
	x, y := normalMatrix(20, 3, 1), normalMatrix(20, 1, 2)
	vx, vy := normalMatrix(700, 3, 3), normalMatrix(700, 1, 4)
	net := must(MLP(3, 50, 1).Build())
	h := must(Train(net).SGD(0.02).Epochs(400).Validate(vx, vy).Patience(5).Context(t.Context()).Fit(x, y))
	if h.Stopped != StoppedPatience || h.Epochs() != h.BestEpoch+6 {
		t.Fatalf("stopped by %s after %d epochs, the best %d", h.Stopped, h.Epochs(), h.BestEpoch)
	}
	for e, v := range h.ValidationLoss {
		if v < h.ValidationLoss[h.BestEpoch] {
			t.Errorf("epoch %d is better than the best, %d", e, h.BestEpoch)
		}
	}
	f := h.Best.Predict(vx)
	if v := MSE.Value(f.RawMatrix(), vy.RawMatrix()); math.Abs(v-h.ValidationLoss[h.BestEpoch]) > 1e-12 {
		t.Errorf("the best network has the loss %v, not %v", v, h.ValidationLoss[h.BestEpoch])
	}
	if must(ErrorRate(f, vy)) != h.ValidationError[h.BestEpoch] {
		t.Error("the best network has another error")
	}
	again := must(Train(net).SGD(0.02).Epochs(h.BestEpoch+1).Context(t.Context()).Fit(x, y))
	if !sameBits(again.Network.Params(), h.Best.Params()) {
		t.Error("the best network is not that of its epoch, or validation changes the training")
	}
	byError := must(Train(net).SGD(0.02).Epochs(60).Validate(vx, vy).ByError().Context(t.Context()).Fit(x, y))
	for e, v := range byError.ValidationError {
		if best := byError.ValidationError[byError.BestEpoch]; v < best || v == best && e < byError.BestEpoch {
			t.Errorf("epoch %d has the error %v, the best, %d, has %v", e, v, byError.BestEpoch, best)
		}
	}
}

func TestSnapshotsAndProgress(t *testing.T) {
	x, y := sine(20, 1)
	net := must(MLP(3, 5, 1).Build())
	var reports []progress.Report
	h := must(Train(net).Batch(10).Epochs(10).Snapshots(1).Progress(func(r progress.Report) { reports = append(reports, r) }).Context(t.Context()).Fit(x, y))
	var steps []int
	for _, s := range h.Snapshots {
		steps = append(steps, s.Step)
	}
	if len(steps) != 4 || steps[0] != 0 || steps[1] != 1 || steps[2] != 10 || steps[3] != 20 {
		t.Fatalf("snapshots of steps %v", steps)
	}
	if !sameBits(h.Snapshots[0].Params, net.Params()) || h.SnapshotNetwork(3).Fingerprint() != h.Network.Fingerprint() {
		t.Error("the first or last snapshot is not the first or last network")
	}
	five := must(Train(net).Batch(10).Epochs(5).Context(t.Context()).Fit(x, y))
	if !sameBits(h.Snapshots[2].Params, five.Network.Params()) {
		t.Error("the snapshot of step 10 is not the network after five epochs")
	}
	if len(reports) != 10 || reports[9] != (progress.Report{Task: "train", Done: 10, Total: 10, Measure: "loss", Value: h.FinalLoss()}) {
		t.Errorf("reports %v", reports)
	}
	wantPanic(t, "nn: snapshot 4 of 4", func() { h.SnapshotNetwork(4) })
}

func TestHistoryGobAndFingerprint(t *testing.T) {
	x, y := sine(20, 1)
	net := must(MLP(3, 5, 1).Build())
	base := func() *Trainer { return Train(net).Batch(10).Epochs(3).Validate(x, y).Snapshots(1) }
	h := must(base().Context(t.Context()).Fit(x, y))
	got := roundTrip(t, h)
	if got.Fingerprint() != h.Fingerprint() || got.Network.Fingerprint() != h.Network.Fingerprint() ||
		got.Best.Fingerprint() != h.Best.Fingerprint() || !sameBits(got.Loss, h.Loss) || !sameBits(got.Rate, h.Rate) ||
		!sameBits(got.ValidationLoss, h.ValidationLoss) || !sameBits(got.ValidationError, h.ValidationError) ||
		len(got.Snapshots) != len(h.Snapshots) || got.BestEpoch != h.BestEpoch || got.Stopped != h.Stopped || got.Time != h.Time || got.Steps != h.Steps {
		t.Errorf("%+v comes back as %+v", h, got)
	}
	if h.Fingerprint() != base().Fingerprint(x, y) {
		t.Error("the history has another fingerprint than its trainer")
	}
	seen := map[string]int{h.Fingerprint(): -1}
	for i, p := range []string{
		base().Batch(5).Fingerprint(x, y), base().Epochs(4).Fingerprint(x, y), base().Seed(1).Fingerprint(x, y),
		base().SGD(0.2).Fingerprint(x, y), base().Momentum(0.5).Fingerprint(x, y), base().Adam(0.1).Fingerprint(x, y),
		base().GradientDescent(0.1).Fingerprint(x, y), base().Cosine(3).Fingerprint(x, y), base().Cosine(4).Fingerprint(x, y),
		base().Step(1, 0.5).Fingerprint(x, y), base().StopAt(0).Fingerprint(x, y), base().Snapshots(2).Fingerprint(x, y),
		base().Patience(2).Fingerprint(x, y), base().ByError().Fingerprint(x, y), base().Validate(y, x).Fingerprint(x, y),
		base().Loss(Logistic).Fingerprint(x, y), base().Fingerprint(y, x), Train(net.At(make([]float64, net.NumParams()))).Fingerprint(x, y),
	} {
		if j, ok := seen[p]; ok {
			t.Errorf("variants %d and %d have one fingerprint", i, j)
		}
		seen[p] = i
	}
}

func TestNoEpochs(t *testing.T) {
	x, y := sine(20, 1)
	net := must(MLP(3, 5, 1).Build())
	h := must(Train(net).Epochs(0).Context(t.Context()).Fit(x, y))
	if h.Network.Fingerprint() != net.Fingerprint() || h.Epochs() != 0 || h.BestEpoch != -1 {
		t.Errorf("%+v", h)
	}
	wantPanic(t, "nn: FinalLoss of a history without a complete epoch", func() { h.FinalLoss() })
}

// line is y = a·x, a model that is no network.
type line struct{ a float64 }

func (l line) Inputs() int                   { return 1 }
func (l line) Outputs() int                  { return 1 }
func (l line) NumParams() int                { return 1 }
func (l line) Params() []float64             { return []float64{l.a} }
func (l line) Fingerprint() string           { return "line" }
func (l line) Runner(theta []float64) Runner { return &lineRunner{theta: theta} }

type lineRunner struct {
	theta []float64
	x     blas64.General
}

func (r *lineRunner) Forward(x blas64.General) blas64.General {
	r.x = x
	out := mat.NewDense(x.Rows, 1, nil).RawMatrix()
	for i := range out.Data {
		out.Data[i] = r.theta[0] * x.Data[i*x.Stride]
	}
	return out
}

func (r *lineRunner) Gradient(s blas64.General, grad []float64) {
	grad[0] = 0
	for i := range s.Rows {
		grad[0] += s.Data[i*s.Stride] * r.x.Data[i*r.x.Stride]
	}
}

func (r *lineRunner) Changed() {}

func TestAnyModel(t *testing.T) {
	x := mat.NewDense(4, 1, []float64{1, 2, 3, 4})
	y := mat.NewDense(4, 1, []float64{3, 6, 9, 12})
	h := must(Train(line{}).SGD(0.03).Epochs(200).Validate(x, y).Context(t.Context()).Fit(x, y))
	if h.Network != nil || h.Best != nil || math.Abs(h.Params[0]-3) > 1e-6 || math.Abs(h.BestParams[0]-3) > 1e-6 {
		t.Errorf("%+v", h)
	}
	if roundTrip(t, h).Params[0] != h.Params[0] {
		t.Error("other parameters come back")
	}
	wantPanic(t, "nn: SnapshotNetwork of a model that is no network", func() { h.SnapshotNetwork(0) })
}
