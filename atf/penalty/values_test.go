package penalty

import (
	"math"
	"testing"
)

// The paper's figure of penalties at its right end.
func TestFigureOfPenalties(t *testing.T) {
	for _, c := range []struct {
		p    Penalty
		want float64
	}{
		{Squared(1), 6.2465},
		{Absolute(1), 4.5260},
		{InfConv(Squared(1), Absolute(1)), 3.3674},
		{InfConv(Absolute(1), Squared(1)), 3.3674},
	} {
		if got := c.p.Effective(5); math.Abs(got-c.want) > 5e-5 {
			t.Errorf("%s at v = 5: %.6f, want %.4f", c.p.Name(), got, c.want)
		}
	}
}

func TestConvexity(t *testing.T) {
	for _, c := range []struct {
		p    Penalty
		want bool
	}{
		{Squared(3), true}, {Absolute(1), false}, {Power(1, 1.9), false}, {Power(1, 2.5), true},
		{Power(2, 0.5), false}, {LogSquared(1), false}, {Nuclear(1), true}, {Identity(), true},
		{TwoSided(Squared(1)), false}, {TwoSided(Power(1, 4)), true}, {TwoSided(Power(1, 3.9)), false},
		{InfConv(Power(1, 3), Power(2, 6)), true}, {InfConv(Squared(1), Power(1, 50)), false},
		{InfConv(Squared(1), Identity()), true}, {InfConv(Identity(), Absolute(1)), false},
		{TwoSided(Nuclear(1)), false}, {InfConv(InfConv(Identity(), Power(1, 4)), Power(1, 4)), true},
	} {
		if got := c.p.ConvexEffective(); got != c.want {
			t.Errorf("%s: ConvexEffective() = %v", c.p.Name(), got)
		}
	}
}
