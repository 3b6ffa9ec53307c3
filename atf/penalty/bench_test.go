package penalty

import (
	"fmt"
	"math"
	"testing"
)

func spectrum(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 30 * math.Pow(10, -6*float64(i)/float64(n))
	}
	return v
}

var measured = []Penalty{
	Squared(0.1), Absolute(1), Power(1, 3), Power(1, 0.5), LogSquared(1),
	TwoSided(Squared(1)), InfConv(Squared(1), Squared(2)), InfConv(Squared(1), Absolute(1)),
	TwoSided(Power(1, 4)), InfConv(LogSquared(1), Squared(1)), TwoSided(Power(1, 0.5)),
}

func BenchmarkExcess(b *testing.B) {
	for _, p := range measured {
		for _, n := range []int{50, 500, 5000} {
			v := spectrum(n)
			b.Run(fmt.Sprintf("%s/n=%d", p.Name(), n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, x := range v {
						p.Excess(x)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/value")
			})
		}
	}
}

func BenchmarkEffective(b *testing.B) {
	for _, p := range measured {
		v := spectrum(500)
		b.Run(p.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, x := range v {
					p.Effective(x)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*500), "ns/value")
		})
	}
}
