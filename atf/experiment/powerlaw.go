package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// A PowerLaw is a quantity y ∝ xᵉ, fitted to several runs over the same x.
type PowerLaw struct {
	X        []float64
	Exponent float64   // the mean of the runs' slopes in log y against log x
	Error    float64   // the standard error of this mean over the runs; NaN for a single run
	Typical  []float64 // the geometric mean of y over the runs, for each x
	Line     []float64 // the law at each x, through the means of log x and of log y
}

// FitPowerLaw fits y ∝ xᵉ by least squares on logarithmic axes, to each run by
// itself, so that what one run has in common at all x does not count as noise.
// runs[r][i] is y of run r at x[i]. Errors: fewer than two different x; no run;
// a run of another length; a number that is not positive and finite.
func FitPowerLaw(x []float64, runs [][]float64) (*PowerLaw, error) {
	logX, err := logs("x", x)
	if err != nil {
		return nil, err
	}
	if len(x) < 2 || stat.Variance(logX, nil) == 0 {
		return nil, fmt.Errorf("experiment: a power law needs two different x at least, got %v", x)
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("experiment: a power law needs one run at least")
	}
	law := &PowerLaw{X: x, Typical: make([]float64, len(x)), Line: make([]float64, len(x))}
	var slopes []float64
	var middle float64
	for r, run := range runs {
		if len(run) != len(x) {
			return nil, fmt.Errorf("experiment: run %d of the power law has %d values for %d x", r+1, len(run), len(x))
		}
		y, err := logs(fmt.Sprintf("run %d", r+1), run)
		if err != nil {
			return nil, err
		}
		_, slope := stat.LinearRegression(logX, y, nil, false)
		slopes = append(slopes, slope)
		middle += stat.Mean(y, nil) / float64(len(runs))
		for i, v := range y {
			law.Typical[i] += v / float64(len(runs))
		}
	}
	mean, deviation := stat.MeanStdDev(slopes, nil)
	law.Exponent, law.Error = mean, deviation/math.Sqrt(float64(len(slopes)))
	if len(slopes) == 1 {
		law.Error = math.NaN()
	}
	center := stat.Mean(logX, nil)
	for i := range x {
		law.Typical[i] = math.Exp(law.Typical[i])
		law.Line[i] = math.Exp(middle + mean*(logX[i]-center))
	}
	return law, nil
}

func logs(name string, values []float64) ([]float64, error) {
	out := make([]float64, len(values))
	for i, v := range values {
		if !(v > 0) || math.IsInf(v, 1) {
			return nil, fmt.Errorf("experiment: a power law has logarithmic axes, and %s has %v at place %d: it must be positive and finite", name, v, i+1)
		}
		out[i] = math.Log(v)
	}
	return out, nil
}
