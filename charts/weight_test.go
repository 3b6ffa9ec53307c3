package charts

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// noisyKernel is a Gram matrix of random points: the worst case for a picture.
func noisyKernel(n int, seed uint64) *mat.SymDense {
	r := rand.New(rand.NewPCG(seed, 1))
	x := mat.NewDense(n, 12, nil)
	for i := range n {
		for j := range 12 {
			x.Set(i, j, r.NormFloat64())
		}
	}
	k := mat.NewSymDense(n, nil)
	k.SymOuterK(1, x)
	return k
}

func weight(m map[protocol.MIMEType]any) int {
	n := 0
	for _, v := range m {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += base64.StdEncoding.EncodedLen(len(v))
		}
	}
	return n
}

func TestMessagesStaySmall(t *testing.T) {
	needECharts(t)
	r := rand.New(rand.NewPCG(3, 4))
	x, y := make([]float64, 20000), make([]float64, 20000)
	for i := range x {
		x[i], y[i] = r.NormFloat64(), r.NormFloat64()
	}
	row := Kernels()
	for i := range 3 {
		row.Add(fmt.Sprint(i), noisyKernel(500, uint64(i)))
	}
	grid := Kernels()
	for i := range 6 {
		grid.Add(fmt.Sprint(i), noisyKernel(500, uint64(i)))
	}
	digits := mat.NewDense(200, 784, nil)
	digits.Apply(func(_, _ int, _ float64) float64 { return r.Float64() }, digits)
	for _, c := range []struct {
		name string
		p    Part
	}{
		{"three noisy kernels", row},
		{"six noisy kernels", grid},
		{"20000 points", Scatter().Add("a", x, y)},
		{"long lines", Lines().Add("a", ramp(20000), x).Add("b", ramp(20000), y)},
		{"noisy images", Images(digits, 28, 28)},
	} {
		m, err := message(c.p.sheet())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if w := weight(m); w > draw.MessageLimit {
			t.Errorf("%s: %d bytes, more than %d", c.name, w, draw.MessageLimit)
		} else {
			t.Logf("%s: %d bytes, PNG %v", c.name, w, m[protocol.MIMEImagePNG] != nil)
		}
	}
}

// BenchmarkMessage is the time to make everything a figure sends, with the
// interpreter loaded.
func BenchmarkMessage(b *testing.B) {
	needECharts(b)
	row := Kernels().Add("a", noisyKernel(500, 1)).Add("b", noisyKernel(500, 2)).Add("c", noisyKernel(500, 3))
	for _, c := range []struct {
		name string
		p    Part
	}{{"lines", Lines().Add("a", ramp(500), ramp(500))}, {"kernels", row},
		{"6000 points", Scatter().Add("a", ramp(6000), ramp(6000))}, {"6000 marks", Lines().AddMarked("a", ramp(6000), ramp(6000))}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				m, err := message(c.p.sheet())
				if err != nil {
					b.Fatal(err)
				}
				size = weight(m)
			}
			b.ReportMetric(float64(size), "message-bytes")
		})
	}
}

// BenchmarkRedraw is what a live panel with three kernel maps costs in process
// when a control moves, beyond the mathematics.
func BenchmarkRedraw(b *testing.B) {
	for _, n := range []int{100, 200, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			k, size := noisyKernel(n, 1), 0
			for b.Loop() {
				js, err := redrawScript("x", Kernels().Add("K₀", k).Add("adapted K", k).Add("K_ŷ", k).SimilarityTo("K_ŷ", k).sheet())
				if err != nil {
					b.Fatal(err)
				}
				size = len(js)
			}
			b.ReportMetric(float64(size), "message-bytes")
		})
	}
}

// BenchmarkCell builds and runs the program of a notebook's cell, without and
// with figures: the difference is what a chart adds to a cell.
func BenchmarkCell(b *testing.B) {
	needECharts(b)
	const begin = `package main
import (
	"fmt"
	"gonum.org/v1/gonum/mat"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
%s)
func main() {
	k := mat.NewSymDense(300, nil)
	var p tangent.Progress
	fmt.Println(k.At(0, 0), p == nil, %d)
%s}
`
	for _, c := range []struct{ name, imports, body string }{
		{"without", "", ""},
		{"lines", "\t\"github.com/tangentfeatures/gonb-atf/charts\"\n",
			"\tif err := charts.Lines().Add(\"a\", []float64{1, 2}, []float64{1, 2}).Save(\"figure.png\"); err != nil { panic(err) }\n"},
		{"kernels", "\t\"github.com/tangentfeatures/gonb-atf/charts\"\n",
			"\tif err := charts.Kernels().Add(\"a\", k).Add(\"b\", k).Add(\"c\", k).Save(\"figure.png\"); err != nil { panic(err) }\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			dir := b.TempDir()
			source, program := filepath.Join(dir, "cell.go"), filepath.Join(dir, "cell")
			round := 0
			cell := func() {
				round++
				if err := os.WriteFile(source, fmt.Appendf(nil, begin, c.imports, round, c.body), 0o644); err != nil {
					b.Fatal(err)
				}
				if out, err := exec.Command("go", "build", "-ldflags=-w", "-buildvcs=false", "-o", program, source).CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				run := exec.Command(program)
				run.Dir = dir
				if out, err := run.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
			}
			cell() // the packages are compiled once and kept
			b.ResetTimer()
			for b.Loop() {
				cell()
			}
		})
	}
}
