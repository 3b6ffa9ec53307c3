package data

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

func BenchmarkTypeset(b *testing.B) {
	for _, n := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			refs := make([]ref, n)
			for i := range refs {
				refs[i].i = i
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := typesetDigits.images(context.Background(), refs, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadPart(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		im, lb := tiny(n, 1)
		for _, packed := range []bool{false, true} {
			name := fmt.Sprintf("n=%d/plain", n)
			if packed {
				im, lb, name = pack(im), pack(lb), fmt.Sprintf("n=%d/gzip", n)
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(n * pixels))
				for b.Loop() {
					if _, err := readPart("I", bytes.NewReader(im), "L", bytes.NewReader(lb)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkUnitNorm(b *testing.B) {
	for _, n := range []int{500, 5000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			m := Digits().UnitNorm().Take(n)
			if err := m.check(); err != nil {
				b.Fatal(err)
			}
			labels := typesetDigits.labels(false)
			idx := span(0, n)
			refs := make([]ref, n)
			for i := range refs {
				refs[i].i = i
			}
			px, err := typesetDigits.images(context.Background(), refs, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.assemble("", "", labels, idx, px); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
