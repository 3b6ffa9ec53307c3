package experiment

import (
	"bytes"
	"encoding/gob"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The threshold for ℓ1 is the weak one of Donoho and Tanner (2009): at
// n/P = 0.5 it is k/n = 0.3848.
func TestRecoveryThreshold(t *testing.T) {
	at := func(kappa float64, b int) float64 {
		t.Helper()
		d, err := RecoveryThreshold(kappa, b)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := at(0.1924, 1); math.Abs(d-0.5) > 1e-3 {
		t.Errorf("δ₁(0.1924) = %g, want 0.5", d)
	}
	for _, b := range []int{1, 4, 100} {
		for _, kappa := range []float64{0.05, 0.3, 0.6, 0.95} {
			// Between the share itself and one; larger groups need fewer.
			if d := at(kappa, b); d <= kappa || d >= 1 || d >= at(kappa, max(1, b/2))+1e-6 && b > 1 || d >= at(kappa+0.02, b) {
				t.Errorf("δ for κ = %g, b = %d is %g", kappa, b, d)
			}
		}
	}
	// For large groups χ_b is √b, and the minimum κ(2 − κ), at τ = (1 − κ)√b.
	if d := at(0.3, 20000); math.Abs(d-0.3*1.7) > 1e-3 {
		t.Errorf("large groups: %g", d)
	}
	for _, c := range []struct {
		kappa float64
		b     int
	}{{0, 1}, {1, 1}, {math.NaN(), 1}, {0.5, 0}} {
		if _, err := RecoveryThreshold(c.kappa, c.b); err == nil || !strings.Contains(err.Error(), "between 0 and 1") {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// With many equations nearly all is found, with as few as coefficients nothing;
// halfway lies between, and the diagram survives being kept.
func TestRecover(t *testing.T) {
	for _, b := range []int{1, 4} {
		r, err := Recover(32, b, 2)
		if err != nil {
			t.Fatal(err)
		}
		rows, columns := r.Share.Dims()
		if rows != 5 || columns != 7 || len(r.Nonzero) != rows || len(r.Equations) != columns {
			t.Fatalf("%d × %d for %v and %v", rows, columns, r.Nonzero, r.Equations)
		}
		if r.Share.At(0, columns-1) != 1 || r.Share.At(4, 0) != 0 || r.Share.At(4, 4) != 0 {
			t.Errorf("groups of %d: shares\n%v", b, mat.Formatted(r.Share))
		}
		threshold, err := RecoveryThreshold(r.Nonzero[0], b)
		if err != nil {
			t.Fatal(err)
		}
		if h := r.Halfway(0); math.Abs(h-threshold) > 0.2 {
			t.Errorf("groups of %d: half of the tasks at n/P = %g, theory %g", b, h, threshold)
		}
		var kept bytes.Buffer
		var again Recovery
		if err := gob.NewEncoder(&kept).Encode(r); err != nil {
			t.Fatal(err)
		}
		if err := gob.NewDecoder(&kept).Decode(&again); err != nil || !mat.Equal(again.Share, r.Share) {
			t.Errorf("kept: %v", err)
		}
	}
	for _, c := range [][3]int{{4, 1, 1}, {32, 0, 1}, {32, 5, 1}, {32, 1, 0}} {
		if _, err := Recover(c[0], c[1], c[2]); err == nil || !strings.Contains(err.Error(), "groups that divide them") {
			t.Errorf("%v: %v", c, err)
		}
	}
}
