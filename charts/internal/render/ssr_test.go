package render

import "testing"

// BenchmarkLoad is what the first figure of a process pays: ECharts compiled
// in the interpreter.
func BenchmarkLoad(b *testing.B) {
	if _, err := LoadECharts(); err != nil {
		b.Skip(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newRenderer(); err != nil {
			b.Fatal(err)
		}
	}
}
