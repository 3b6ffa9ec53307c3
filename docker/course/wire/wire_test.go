package wire

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// serve runs a function at the other end of two pipes.
func serve(t *testing.T, f any) *Client {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- Serve(inR, outW, f) }()
	t.Cleanup(func() {
		inW.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return NewClient(inW, outR)
}

func TestValuesArriveAsTheyWere(t *testing.T) {
	client := serve(t, func(a int, b bool, c string, d [][]int, e []*mat.Dense, f float64) (int, bool, string, [][]int, []*mat.Dense, float64) {
		return a, b, c, d, e, f
	})
	matrices := []*mat.Dense{nil, {}, mat.NewDense(1, 2, []float64{math.Inf(-1), 1.0 / 3})}
	in := []any{math.MinInt64, true, "<é\n\x00>", [][]int{{1, math.MaxInt64}, nil, {}}, matrices, math.SmallestNonzeroFloat64}
	var a int
	var b bool
	var c string
	var d [][]int
	var e []*mat.Dense
	var f float64
	if err := client.Call([]any{&a, &b, &c, &d, &e, &f}, in...); err != nil {
		t.Fatal(err)
	}
	if out := []any{a, b, c, d, e, f}; !reflect.DeepEqual(in, out) {
		t.Errorf("sent %v, got %v", in, out)
	}
}

func TestSpecialNumbers(t *testing.T) {
	client := serve(t, func(x []float64, m *mat.Dense) ([]float64, *mat.Dense, []string, error) {
		return x, m, nil, errors.New("what it said")
	})
	x := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e-310, 0.1}
	m := mat.NewDense(3, 3, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}).Slice(1, 3, 1, 3).(*mat.Dense)
	var gotX []float64
	var gotM *mat.Dense
	var said error
	gotS := []string{"x"}
	if err := client.Call([]any{&gotX, &gotM, &gotS, &said}, x, m); err != nil {
		t.Fatal(err)
	}
	for i := range x {
		if math.Float64bits(gotX[i]) != math.Float64bits(x[i]) && !(math.IsNaN(x[i]) && math.IsNaN(gotX[i])) {
			t.Errorf("%v arrived as %v", x[i], gotX[i])
		}
	}
	if !mat.Equal(gotM, m) || said == nil || said.Error() != "what it said" || gotS != nil {
		t.Errorf("got %v, %v, %v", mat.Formatted(gotM), said, gotS)
	}
	// nil goes through, also for errors.
	if err := client.Call([]any{&gotX, &gotM, &gotS, &said}, []float64(nil), (*mat.Dense)(nil)); err != nil || gotX != nil || gotM != nil {
		t.Errorf("nil arrived as %v, %v, %v", gotX, gotM, err)
	}
}

func TestMismatches(t *testing.T) {
	client := serve(t, func(x float64) (float64, error) { return x, nil })
	var f float64
	var n int
	var e error
	for name, call := range map[string]func() error{
		"too few arguments":   func() error { return client.Call([]any{&f, &e}) },
		"another argument":    func() error { return client.Call([]any{&f, &e}, "x") },
		"unsendable argument": func() error { return client.Call([]any{&f, &e}, map[string]int{}) },
		"nil argument":        func() error { return client.Call([]any{&f, &e}, nil) },
		"too few results":     func() error { return client.Call([]any{&f}, 1.0) },
		"another result":      func() error { return client.Call([]any{&n, &e}, 1.0) },
		"no pointer":          func() error { return client.Call([]any{f, &e}, 1.0) },
	} {
		if err := call(); !errors.As(err, new(Mismatch)) {
			t.Errorf("%s: %v is no Mismatch", name, err)
		}
	}
	if err := client.Call([]any{&f, &e}, 2.0); err != nil || f != 2 || e != nil {
		t.Errorf("after the mismatches: %v, %v, %v", f, e, err)
	}
	if err := Serve(strings.NewReader(""), io.Discard, 3); err == nil {
		t.Error("3 was served as a function")
	}
}

func TestForgedAnswers(t *testing.T) {
	frame := func(s string) string {
		var b bytes.Buffer
		b.Write([]byte{0, 0, 0, byte(len(s))})
		b.WriteString(s)
		return b.String()
	}
	var m *mat.Dense
	for name, c := range map[string]struct {
		text string
		gone bool
	}{
		"nothing":          {"", true},
		"text":             {"PASS\nok  everything\n", true},
		"a huge length":    {"\xff\xff\xff\xff", true},
		"an early end":     {"\x00\x00\x00\x30{", true},
		"no JSON":          {frame("passed"), true},
		"negative sides":   {frame(`{"r":[{"m":{"r":-1,"c":-4,"d":[1,2,3,4]}}]}`), false},
		"too few numbers":  {frame(`{"r":[{"m":{"r":1000000,"c":1000000,"d":[1]}}]}`), false},
		"overflowing":      {frame(`{"r":[{"m":{"r":4294967296,"c":4294967296,"d":[]}}]}`), false},
		"null for numbers": {frame(`{"r":[{"m":{"r":1,"c":1,"d":[null]}}]}`), true},
		"another type":     {frame(`{"r":[{"s":"passed"}]}`), false},
		"no results":       {frame(`{"r":[]}`), false},
	} {
		err := NewClient(io.Discard, strings.NewReader(c.text)).Call([]any{&m})
		if errors.Is(err, ErrGone) != c.gone || errors.As(err, new(Mismatch)) == c.gone {
			t.Errorf("%s: %v", name, err)
		}
	}
}
