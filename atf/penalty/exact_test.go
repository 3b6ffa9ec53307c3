package penalty

import (
	"math"
	"math/big"
	"math/rand"
	"testing"
	"testing/quick"
)

// exactExcess solves e(1+e)ⁿ = v²/λ in 300 bits.
func exactExcess(v, lambda float64, n int) float64 {
	const bits = 300
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
	q := num(v)
	q.Mul(q, q).Quo(q, num(lambda))
	lo, hi := num(0), num(1)
	left := func(e *big.Float) *big.Float {
		s := num(1)
		s.Add(s, e)
		f := num(0).Set(e)
		for range n {
			f.Mul(f, s)
		}
		return f
	}
	for left(hi).Cmp(q) < 0 {
		hi.Mul(hi, num(2))
	}
	for range 280 {
		mid := num(0).Add(lo, hi)
		mid.Quo(mid, num(2))
		if left(mid).Cmp(q) < 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	e, _ := hi.Float64()
	return e
}

// The two calls of every solver step, to the last digits.
func TestSquaredInExactArithmetic(t *testing.T) {
	f := func(a, b float64) bool {
		v := math.Pow(10, 8*math.Sin(a))
		l := math.Pow(10, 3*math.Sin(b))
		near(t, "one side", Squared(l).Excess(v), exactExcess(v, l, 3), 2e-15)
		x, y := TwoSided(Squared(l)).Split(v)
		near(t, "two sides", x, exactExcess(v, l, 5), 2e-15)
		return x == y && !t.Failed()
	}
	if err := quick.Check(f, &quick.Config{MaxCount: 60, Rand: rand.New(rand.NewSource(1))}); err != nil {
		t.Error(err)
	}
}
