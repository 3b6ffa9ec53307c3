package atf_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// A request beyond the memory budget is refused before any work, within a
// second, with its size and a smaller way.
func TestEstimatesComeFirst(t *testing.T) {
	const n, c = 20_000, 10
	x := atf.Must(data.Gaussian(n, 30).Load()).X
	ten, one := mat.NewDense(n, c, nil), mat.NewDense(n, 1, nil)
	wide := atf.Must(nn.MLP(30, 100, c).Seed(1).Build())
	single := atf.Must(nn.MLP(30, 100, 1).Seed(1).Build())
	moved := atf.Must(nn.MLP(30, 100, c).Seed(2).Build())
	segment := nn.Segment{From: wide, To: moved}
	few := x.Slice(0, 40, 0, 30)
	solved := atf.Must(atf.Tangent(wide, few).Targets(ten.Slice(0, 40, 0, c)).Ridge(1).Solve())
	of := atf.Must(tangent.At(wide, x))
	gram := atf.Must(tangent.NTK(single, x.Slice(0, 1500, 0, 30)))
	third := gram.Scale(2)
	spectrum := func() error { _, err := kernel.Eigen(gram); return err }

	t.Setenv("ATF_MEMORY", "16MB")
	silent := func(r tangent.Report) { t.Errorf("work began before the estimate: %+v", r) }
	tangents := tangent.Settings{Progress: silent}
	problem := func() *atf.Problem { return atf.Tangent(wide, x).Targets(ten).Progress(silent) }
	for name, c := range map[string]struct {
		call func() error
		want string // of the smaller way
	}{
		"tangent.At":           {func() error { _, err := tangents.At(wide, x); return err }, "fewer inputs"},
		"tangent.NTK":          {func() error { _, err := tangents.NTK(wide, x); return err }, "fewer inputs"},
		"Features.Kernel":      {func() error { _, err := of.Progress(silent).Kernel(); return err }, "fewer inputs"},
		"Features.CrossKernel": {func() error { _, err := of.Progress(silent).CrossKernel(of); return err }, "part the inputs"},
		"Features.LayerKernel": {func() error { _, err := of.Progress(silent).LayerKernel(0); return err }, "fewer inputs"},
		"LayerKernels":         {func() error { _, err := of.Progress(silent).LayerKernels(); return err }, "fewer inputs"},
		"Features.Explicit":    {func() error { _, err := of.Explicit(); return err }, "JVP"},
		"Path.Average":         {func() error { _, err := tangent.Along(segment, x).Progress(silent).Average(); return err }, "fewer nodes"},
		"Path.Kernels":         {func() error { _, err := tangent.Along(segment, x).Progress(silent).Kernels(); return err }, "fewer inputs"},
		"nn.Build":             {func() error { _, err := nn.MLP(3000, 3000, 1).Build(); return err }, "narrower"},
		"nn.Fit":               {func() error { _, err := nn.Train(single).Snapshots(1000).Progress(silent).Fit(x, one); return err }, "fewer snapshots"},
		"nn.FitLastLayer":      {func() error { _, err := nn.FitLastLayer(single, x, one); return err }, "fewer examples"},
		"Fixed":                {func() error { _, err := problem().Solve(); return err }, "fewer inputs"},
		"Unstructured":         {func() error { _, err := problem().Unstructured(penalty.Squared(1)).Solve(); return err }, "fewer inputs"},
		"Diagonal":             {func() error { _, err := problem().Diagonal(penalty.Squared(1)).Solve(); return err }, "fewer inputs"},
		"Layerwise":            {func() error { _, err := problem().Layerwise(penalty.Squared(1)).Solve(); return err }, "fewer inputs"},
		"Path":                 {func() error { _, err := problem().Layerwise(penalty.Squared(1)).Path(1, 0.1); return err }, "fewer inputs"},
		"FromFeatures":         {func() error { _, err := atf.FromFeatures(x).Targets(one).Solve(); return err }, "fewer inputs"},
		"FromGram":             {func() error { _, err := atf.FromGram(gram).Targets(one.Slice(0, 1500, 0, 1)).Solve(); return err }, "fewer inputs"},
		"Solution.KernelAt":    {func() error { _, err := solved.KernelAt(x); return err }, "part them"},
		"Solution.CrossKernel": {func() error { _, err := solved.CrossKernel(x, few); return err }, "part them"},
		"Solution.Predict":     {func() error { _, err := solved.Predict(x); return err }, "fewer inputs"},
		"kernel.Ridge":         {func() error { _, err := kernel.Ridge(gram, one.Slice(0, 1500, 0, 1), 1); return err }, "fewer examples"},
		"kernel.PseudoInverse": {func() error { _, err := kernel.PseudoInverse(gram, one.Slice(0, 1500, 0, 1), 0); return err }, "fewer examples"},
		"kernel.Eigen":         {spectrum, "TopEigen"},
		"kernel.TopEigen":      {func() error { _, err := kernel.TopEigen(gram, 100, kernel.TopSettings{}); return err }, "fewer eigenvalues"},
		"kernel.Label":         {func() error { _, err := kernel.Label(ten); return err }, "fewer examples"},
		"kernel.Decompose":     {func() error { _, err := kernel.Decompose(gram, third); return err }, "fewer examples"},
		"kernel.NewFlow":       {func() error { _, err := kernel.NewFlow(gram, one.Slice(0, 1500, 0, 1)); return err }, "fewer examples"},
		"InfiniteReLU.NTK":     {func() error { _, err := kernel.InfiniteReLU(2).NTK(x); return err }, "fewer inputs"},
		"data.Gaussian":        {func() error { _, err := data.Gaussian(n, 1000).Load(); return err }, "fewer examples"},
		"data.Digits":          {func() error { _, err := data.Digits().Take(60_000).Load(); return err }, "fewer"},
	} {
		began := time.Now()
		err := c.call()
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: refused after %v only", name, took)
		}
		var budget *atf.MemoryError
		if !errors.As(err, &budget) || budget.Need <= budget.Limit {
			t.Errorf("%s: error %v, want one about memory", name, err)
			continue
		}
		if text := err.Error(); !strings.Contains(text, c.want) || !strings.Contains(text, "iB of memory") {
			t.Errorf("%s: %q does not name its size and %q", name, text, c.want)
		}
	}
}
