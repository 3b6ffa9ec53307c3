package penalty

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Values per goroutine at least, and per partial sum of Total.
const (
	grain = 512
	block = 1024
)

// EffectiveTo sets dst_j = ω̃(v_j) and returns dst; nil dst means a new slice.
// It panics where the lengths differ.
func EffectiveTo(dst []float64, p Penalty, v []float64) []float64 {
	return mapTo("EffectiveTo", dst, v, p.Effective)
}

// ExcessTo sets dst_j = η(v_j) − 1, see EffectiveTo.
func ExcessTo(dst []float64, p Penalty, v []float64) []float64 {
	return mapTo("ExcessTo", dst, v, p.Excess)
}

// EffectiveSlopeTo sets dst_j = ω̃'(v_j), see EffectiveTo.
func EffectiveSlopeTo(dst []float64, p Penalty, v []float64) []float64 {
	return mapTo("EffectiveSlopeTo", dst, v, p.EffectiveSlope)
}

// ValueTo sets dst_j = ω(s_j), see EffectiveTo.
func ValueTo(dst []float64, p Penalty, s []float64) []float64 {
	return mapTo("ValueTo", dst, s, p.Value)
}

// SplitTo sets a_j − 1 and b_j − 1, the minimising pair for each v_j. It
// panics where the lengths differ.
func (p Pair) SplitTo(aExcess, bExcess, v []float64) {
	sameLength("SplitTo", len(aExcess), len(v))
	sameLength("SplitTo", len(bExcess), len(v))
	par.For(len(v), grain, func(lo, hi int) {
		for j := lo; j < hi; j++ {
			aExcess[j], bExcess[j] = p.Split(v[j])
		}
	})
}

// Total is Σ_j ω̃(v_j): Ω̃ of a matrix with singular values v, the objective of
// eq. (5). It is the same whatever GOMAXPROCS.
func Total(p Penalty, v []float64) float64 {
	partial := make([]float64, (len(v)+block-1)/block)
	par.For(len(partial), 1, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			for _, x := range v[k*block : min(len(v), (k+1)*block)] {
				partial[k] += p.Effective(x)
			}
		}
	})
	var sum float64
	for _, x := range partial {
		sum += x
	}
	return sum
}

func mapTo(name string, dst, v []float64, f func(float64) float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(v))
	}
	sameLength(name, len(dst), len(v))
	par.For(len(v), grain, func(lo, hi int) {
		for j := lo; j < hi; j++ {
			dst[j] = f(v[j])
		}
	})
	return dst
}

func sameLength(name string, dst, v int) {
	if dst != v {
		panic(fmt.Sprintf("penalty: %s into %d places from %d values", name, dst, v))
	}
}
