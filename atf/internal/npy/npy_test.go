package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// file is a .npy file with the given text for its header.
func file(version byte, text string, values any) []byte {
	b := append([]byte(magic), version, 0)
	if version == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(text)))
	}
	b = append(b, text...)
	if values == nil {
		return b
	}
	var data bytes.Buffer
	if err := binary.Write(&data, binary.LittleEndian, values); err != nil {
		panic(err)
	}
	return append(b, data.Bytes()...)
}

func read(b []byte) (*Array, error) { return Read(bytes.NewReader(b), int64(len(b))) }

func wantError(t *testing.T, what string, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%s: %q does not say %q", what, err, p)
		}
	}
}

// TestFilesOfNumPy reads what NumPy itself has written.
func TestFilesOfNumPy(t *testing.T) {
	six := []float64{1, 2, 3, 4, 5, 6}
	want := map[string]*Array{
		"six":    {[]int{2, 3}, six},
		"line":   {[]int{6}, six},
		"scalar": {[]int{}, []float64{0.1}},
		"odd":    {[]int{2, 3}, []float64{1, 0, 1, 0, 1, 0}},
	}
	for _, f := range numpyFiles {
		a, err := read([]byte(f.bytes))
		if err != nil {
			t.Errorf("%s: %v", f.made, err)
			continue
		}
		w := want[f.want]
		if !slices.Equal(a.Shape, w.Shape) || !slices.Equal(a.Data, w.Data) {
			t.Errorf("%s: %+v", f.made, a)
		}
	}
}

// TestHeaders reads the forms that headers have had.
func TestHeaders(t *testing.T) {
	two := []float64{1, 2}
	for _, text := range []string{
		"{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1L), }", // Python 2
		"{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1), }   \n",
		"{'shape': (2, 1), 'fortran_order': False, 'descr': '<f8'}\n",
		`{"fortran_order": True, "shape": (2, 1), "descr": "<f8"}`,
		"{u'descr': b'<f8', 'fortran_order': False, 'shape': (2, 1,)}",
		"  {'descr':'<f8','fortran_order':False,'shape':(2,1)}\n\n",
		"{\n'descr' : '<f8' ,\n'fortran_order' : False ,\n'shape' : ( 2 , 1 )\n}",
	} {
		for _, version := range []byte{1, 2, 3} {
			a, err := read(file(version, text, two))
			if err != nil {
				t.Errorf("%q, version %d: %v", text, version, err)
			} else if !slices.Equal(a.Shape, []int{2, 1}) || !slices.Equal(a.Data, two) {
				t.Errorf("%q: %+v", text, a)
			}
		}
	}
	// A scalar whose order is Fortran's, and three dimensions in that order.
	a, err := read(file(1, "{'descr': '<f8', 'fortran_order': True, 'shape': ()}", two[:1]))
	if err != nil || a.Data[0] != 1 {
		t.Errorf("%v, %v", a, err)
	}
	a, err = read(file(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 3)}", []byte{0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11}))
	if err != nil || !slices.Equal(a.Data, []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) {
		t.Errorf("%v, %v", a, err)
	}
}

// TestDamagedHeaders has every header end in an error that says what is wrong,
// and none take memory for what it claims.
func TestDamagedHeaders(t *testing.T) {
	six := []float64{1, 2, 3, 4, 5, 6}
	form := func(descr, order, shape string) string {
		return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	}
	good := file(1, form("'<f8'", "False", "(2, 3)"), six)
	for what, c := range map[string]struct {
		b    []byte
		says string
	}{
		"empty":             {nil, "the file is empty"},
		"text":              {[]byte("version https://git-lfs.github.com/spec/v1\n"), `begins with "version ht`},
		"an archive":        {[]byte("PK\x03\x04 and so on"), ".npz"},
		"half a magic":      {[]byte(magic[:4]), "ends after 4 bytes"},
		"no length":         {[]byte(magic + "\x02\x00\x05\x00"), "ends after 10 bytes"},
		"version 4":         {[]byte(magic + "\x04\x00\x05\x00\x00\x00"), "version 4.0"},
		"endless":           {[]byte(magic + "\x02\x00\xff\xff\xff\xff{'descr'"), "4294967295 bytes"},
		"longer than there": {good[:40], "and the file has 30 after it"},
		"no text":           {file(1, "", six), "ends too early"},
		"a list":            {file(1, "[1, 2]", six), "no dictionary"},
		"a number key":      {file(1, "{1: 2}", six), "no string"},
		"no colon":          {file(1, "{'descr' '<f8'}", six), "colon"},
		"no comma":          {file(1, "{'descr': '<f8' 'shape': (2,)}", six), "comma"},
		"no comma in shape": {file(1, form("'<f8'", "False", "(2 3)"), six), "comma"},
		"no end":            {file(1, "{'descr': '<f8', 'shape': (2, 3", six), "comma"},
		"an open string":    {file(1, "{'descr': '<f8", six), "does not end"},
		"an open escape":    {file(1, `{'descr': '<f8\`, six), "does not end"},
		"no shape":          {file(1, "{'descr': '<f8', 'fortran_order': False}", six), `no "shape"`},
		"a fourth key":      {file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), 'x': 1}", six), "4 keys"},
		"a key twice":       {file(1, "{'descr': '<f8', 'descr': '<f4'}", six), "twice"},
		"more text":         {file(1, form("'<f8'", "False", "(6,)")+" + 1", six), "follows"},
		"a name":            {file(1, form("'<f8'", "Maybe", "(6,)"), six), "Maybe"},
		"an order of 1":     {file(1, form("'<f8'", "1", "(6,)"), six), "neither True nor False"},
		"no tuple":          {file(1, form("'<f8'", "False", "(6)"), six), "no tuple"},
		"half a size":       {file(1, form("'<f8'", "False", "(6.5,)"), six), "comma"},
		"a word in shape":   {file(1, form("'<f8'", "False", "('6',)"), six), "no size"},
		"21 digits":         {file(1, form("'<f8'", "False", "(100000000000000000000,)"), six), "no size"},
		"deep":              {file(1, strings.Repeat("(", 60000), six), "deep"},
		"negative":          {file(1, form("'<f8'", "False", "(-2, 3)"), six), "[-2 3]"},
		"beyond integers":   {file(1, form("'<f8'", "False", "(4611686018427387904, 4)"), nil), "shape"},
		"beyond the file":   {file(1, form("'<f8'", "False", "(100000, 30)"), six), "48 bytes of values, not the 24000000"},
		"no type":           {file(1, form("None", "False", "(6,)"), six), "descr"},
		"an empty type":     {file(1, form("''", "False", "(6,)"), six), "elements of type"},
		"a number type":     {file(1, form("'<<f8'", "False", "(6,)"), six), "<<f8"},
		"complex":           {file(1, form("'<c16'", "False", "(3,)"), six), ".real and .imag"},
		"long double":       {file(1, form("'<f16'", "False", "(3,)"), six), "save them as float64"},
		"cut":               {good[:len(good)-5], "43 bytes of values, not the 48 of its shape [2 3]: the file is cut short"},
		"more":              {append(slices.Clone(good), 0), "49 bytes of values, not the 48 of its shape [2 3]: there is more"},
		"a bool of 2":       {file(1, form("'|b1'", "False", "(2, 1)"), []byte{1, 2}), "entry [1 0]: the byte 2"},
	} {
		_, err := read(c.b)
		wantError(t, what, err, c.says)
	}
	// A reader that holds less than its size says.
	_, err := Read(bytes.NewReader(good[:len(good)-5]), int64(len(good)))
	wantError(t, "short reader", err, "the values end after 43 of 48 bytes")
	_, err = Read(bytes.NewReader(append(slices.Clone(good), 0)), int64(len(good)))
	wantError(t, "long reader", err, "more behind")
	// Nothing is taken for the 8 TB of a claim.
	t.Setenv("ATF_MEMORY", "100TiB")
	claim := file(1, form("'<f8'", "False", "(1000000, 1000000)"), six)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = read(claim)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 1<<20 {
		t.Errorf("%v, with %d bytes taken", err, took)
	}
}

func TestWholeNumbersAreExact(t *testing.T) {
	form := func(descr string) string {
		return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,)}"
	}
	for _, v := range []int64{0, 1<<53 - 1, 1 << 53, -1 << 53, 1<<53 + 2, math.MinInt64, 3 << 61} {
		a, err := read(file(1, form("<i8"), []int64{7, v}))
		if err != nil || a.Data[1] != float64(v) || int64(a.Data[1]) != v {
			t.Errorf("%d: %v, %v", v, a, err)
		}
	}
	for _, v := range []int64{1<<53 + 1, -1<<53 - 1, math.MaxInt64, math.MinInt64 + 1} {
		_, err := read(file(1, form("<i8"), []int64{7, v}))
		wantError(t, "int64", err, "entry [1]", fmt.Sprint(v), "astype(float)")
	}
	for _, v := range []uint64{1 << 63, 1<<64 - 1<<11} {
		a, err := read(file(1, form("<u8"), []uint64{v, 0}))
		if err != nil || uint64(a.Data[0]) != v {
			t.Errorf("%d: %v, %v", v, a, err)
		}
	}
	_, err := read(file(1, form("<u8"), []uint64{math.MaxUint64, 0}))
	wantError(t, "uint64", err, "entry [0]", "18446744073709551615")
	// The place of an entry is that in the array, not in the file.
	_, err = read(file(1, "{'descr': '<i8', 'fortran_order': True, 'shape': (2, 2)}", []int64{1, 2, 1<<53 + 1, 4}))
	wantError(t, "Fortran order", err, "entry [0 1]")
}

func TestHalf(t *testing.T) {
	for b, want := range map[uint16]float64{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: 0x1p-24, 0x03ff: 0x3ffp-24, 0x0400: 0x1p-14,
		0x3555: 0x555p-12, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1),
	} {
		if v := half(b); v != want {
			t.Errorf("%#04x is %v, want %v", b, v, want)
		}
	}
	if !math.Signbit(half(0x8000)) || !math.IsNaN(half(0x7e00)) || !math.IsNaN(half(0xfc01)) {
		t.Error("−0 or NaN")
	}
	for b := uint16(0); b < 0x7c00; b++ {
		if !(half(b) < half(b+1)) || half(b|0x8000) != -half(b) {
			t.Fatalf("%#04x is out of order", b)
		}
	}
}

func TestMatrix(t *testing.T) {
	for _, c := range []struct {
		shape      []int
		rows, cols int
	}{{nil, 1, 1}, {[]int{3}, 3, 1}, {[]int{1, 3}, 1, 3}} {
		a := &Array{c.shape, make([]float64, c.rows*c.cols)}
		m, err := a.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		if r, k := m.Dims(); r != c.rows || k != c.cols {
			t.Errorf("%v is %d × %d", c.shape, r, k)
		}
	}
	_, err := (&Array{[]int{1, 1, 2}, []float64{1, 2}}).Matrix()
	wantError(t, "cube", err, "3 dimensions", "[1 1 2]", "reshape")
	_, err = (&Array{[]int{0, 3}, nil}).Matrix()
	wantError(t, "empty", err, "[0 3]")
}

func TestWriteReads(t *testing.T) {
	long := make([]float64, 3*chunk/8+5) // several pieces
	for i := range long {
		long[i] = math.Sqrt(float64(i))
	}
	path := filepath.Join(t.TempDir(), "a.npy")
	for _, a := range []*Array{{[]int{}, []float64{-0.1}}, {[]int{3}, []float64{1, math.Inf(-1), 5e-324}}, {[]int{len(long), 1}, long}, {[]int{0, 2}, []float64{}}, {[]int{1, 2, 1}, []float64{1, 2}}} {
		if err := WriteFile(path, a); err != nil {
			t.Fatal(err)
		}
		back, err := ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(back.Shape, a.Shape) || !slices.Equal(back.Data, a.Data) {
			t.Errorf("shape %v: other numbers come back", a.Shape)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexByte(raw, '\n'); (i+1)%64 != 0 || i > 127 {
			t.Errorf("shape %v: the numbers begin at %d", a.Shape, i+1)
		}
	}
	defer func() {
		if p := recover(); p == nil {
			t.Error("two values for a shape of three are written")
		}
	}()
	Write(&bytes.Buffer{}, &Array{[]int{3}, []float64{1, 2}})
}

func TestOf(t *testing.T) {
	m := mat.NewDense(3, 3, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9})
	for what, c := range map[string]struct {
		m    mat.Matrix
		want *Array
	}{
		"dense":     {m, &Array{[]int{3, 3}, m.RawMatrix().Data}},
		"a view":    {m.Slice(1, 3, 0, 2), &Array{[]int{2, 2}, []float64{4, 5, 7, 8}}},
		"transpose": {m.T(), &Array{[]int{3, 3}, []float64{1, 4, 7, 2, 5, 8, 3, 6, 9}}},
		"symmetric": {mat.NewSymDense(2, []float64{1, 2, 0, 3}), &Array{[]int{2, 2}, []float64{1, 2, 2, 3}}},
		"a vector":  {m.ColView(1), &Array{[]int{3}, []float64{2, 5, 8}}},
	} {
		a, err := Of(c.m)
		if err != nil || !slices.Equal(a.Shape, c.want.Shape) || !slices.Equal(a.Data, c.want.Data) {
			t.Errorf("%s: %v, %v", what, a, err)
		}
	}
	_, err := Of(nil)
	wantError(t, "nil", err, "nil")
	_, err = Of(&mat.Dense{})
	wantError(t, "empty", err, "0 × 0", "empty")
}

// FuzzRead: any bytes give an array or an error, and no more memory than the
// bytes can fill.
func FuzzRead(f *testing.F) {
	for _, c := range numpyFiles {
		f.Add([]byte(c.bytes))
	}
	f.Add([]byte(numpyFiles[0].bytes[:20]))
	f.Add(file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1L), }", []float64{1, 2}))
	f.Add(file(2, `{"shape": (), "fortran_order": True, "descr": "?"}`, []byte{1}))
	f.Add(file(3, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (0, 3)}", nil))
	f.Add(file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999)}", nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := read(b)
		if err != nil {
			return
		}
		count := 1
		for _, n := range a.Shape {
			count *= n
		}
		if count != len(a.Data) || count > len(b) {
			t.Errorf("%d values of shape %v from %d bytes", len(a.Data), a.Shape, len(b))
		}
	})
}
