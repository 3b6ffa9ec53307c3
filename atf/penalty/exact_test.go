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

// exactTriple is ω̃(v) and the excess of the product for √|s−1|, (s−1)² and |s−1|
// together, in 300 bits. Every stationary point has one multiplier m for all
// factors: a = (1 + √(1+2m))/2, b = max(1, m), and c = 1 or, as c = m·2√(c−1),
// c = 2m(m ± √(m²−1)). Along each of the three branches all m with
// m(abc)² = 2v² are found by sign changes between 4000 points and bisection.
func exactTriple(v float64) (value, excess float64) {
	const bits = 300
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
	op := func(f func(z, x, y *big.Float) *big.Float) func(x, y *big.Float) *big.Float {
		return func(x, y *big.Float) *big.Float { return f(num(0), x, y) }
	}
	add, sub, mul, quo := op((*big.Float).Add), op((*big.Float).Sub), op((*big.Float).Mul), op((*big.Float).Quo)
	root := func(x *big.Float) *big.Float {
		if x.Sign() <= 0 {
			return num(0)
		}
		return num(0).Sqrt(x)
	}
	one, two := num(1), num(2)
	factors := func(branch int, m *big.Float) (a, b, c *big.Float) {
		a = quo(add(one, root(add(one, mul(two, m)))), two)
		b, c = one, one
		if m.Cmp(one) > 0 {
			b = m
		}
		if branch != 0 {
			r := root(sub(mul(m, m), one))
			if branch < 0 {
				r.Neg(r)
			}
			c = mul(mul(two, m), add(m, r))
		}
		return a, b, c
	}
	square := mul(num(v), num(v))
	gap := func(branch int, m *big.Float) *big.Float {
		a, b, c := factors(branch, m)
		s := mul(mul(a, b), c)
		return sub(mul(m, mul(s, s)), mul(two, square))
	}
	value = math.Inf(1)
	var best *big.Float
	for _, branch := range []int{-1, 0, 1} {
		from, to := 1.0, 2*v*v+1 // c > 1 needs m ≥ 1, and s ≥ 1 says m ≤ 2v²
		if branch == 0 {
			from = 0
		}
		const n = 4000
		for i := range n {
			lo, hi := num(from+(to-from)*float64(i)/n), num(from+(to-from)*float64(i+1)/n)
			sign := gap(branch, lo).Sign()
			if sign == gap(branch, hi).Sign() {
				continue
			}
			for range 200 {
				if mid := quo(add(lo, hi), two); gap(branch, mid).Sign() == sign {
					lo = mid
				} else {
					hi = mid
				}
			}
			a, b, c := factors(branch, hi)
			s := mul(mul(a, b), c)
			w := add(quo(square, mul(s, s)), add(mul(sub(a, one), sub(a, one)), add(sub(b, one), root(sub(c, one)))))
			if best == nil || w.Cmp(best) < 0 {
				best = w
				value, _ = w.Float64()
				excess, _ = sub(s, one).Float64()
			}
		}
	}
	return value, excess
}

func TestPairInPairInExactArithmetic(t *testing.T) {
	p := InfConv(Power(1, 0.5), InfConv(Squared(1), Absolute(1)))
	q := InfConv(InfConv(Absolute(1), Power(1, 0.5)), Squared(1))
	for _, v := range []float64{0.3, 1.1, 1.6, 1.9, 2.2, 3.33, 8, 60} {
		value, excess := exactTriple(v)
		for _, p := range []Pair{p, q} {
			near(t, p.Name()+": Effective", p.Effective(v), value, 1e-14)
			near(t, p.Name()+": Excess", p.Excess(v), excess, 1e-11)
		}
	}
}
