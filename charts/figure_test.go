package charts

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
	"gonum.org/v1/gonum/mat"
)

// fails checks that a figure's Show reports all the given words.
func fails(t *testing.T, show func() error, words ...string) {
	t.Helper()
	err := show()
	if err == nil {
		t.Errorf("no error, want one with %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
}

func TestBadInput(t *testing.T) {
	one := []float64{1, 2, 3}
	fails(t, Lines().Show, "nothing to draw", "Add")
	fails(t, Lines().Add("a", nil, nil).Show, `"a" is empty`)
	fails(t, Lines().Add("a", one, one[:2]).Show, "3 x values and 2 y values")
	fails(t, Lines().Band("a", one, one, one[:1], one).Show, "3 points, 1 lower and 3 upper")
	fails(t, Lines().Add("a", one, one).XRange(2, 1).Show, "from 2 to 1")
	fails(t, Lines().Add("a", one, one).LogY().YRange(0, 1).Show, "positive")
	fails(t, Lines().Add("a", one, one).HLine(math.NaN(), "h").Show, `"h" stands at NaN`)
	fails(t, Lines().Func("f", math.Sin, 1, 0, 5).Show, "interval")
	fails(t, Lines().Add("a", one, one).Size(-1, 10).Show, "-1 × 10")
	fails(t, Lines().Add("a", one, one).Size(40, 40).Show, "no room")
	fails(t, Scatter().Groups(one, one, []string{"x"}).Show, "3 x values, 3 y values and 1 labels")
	fails(t, Kernels().Show, "no kernels")
	fails(t, Kernels().Add("K", nil).Show, `"K" is nil`)
	fails(t, Kernels().Add("K", mat.NewDense(2, 3, nil)).Show, "2 × 3, not square")
	fails(t, Kernels().Add("K", testKernel(3)).Add("L", testKernel(4)).Show, "3 × 3", "4 × 4")
	fails(t, Kernels().Add("K", testKernel(3)).Order([]int{0, 3}).Show, "index 3 at place 1")
	fails(t, Kernels().Add("K", testKernel(3)).Order([]int{}).Show, "empty")
	fails(t, Kernels().Add("K", testKernel(3)).Classes(one[:2]).Show, "2 class labels", "3 rows")
	fails(t, Kernels().Add("K", testKernel(3)).SimilarityTo("R", testKernel(4)).Show, `"R" is 4 × 4`)
	fails(t, Kernels().Add("K", testKernel(3)).Limit(0).Show, "limit must be positive")
	fails(t, Kernels().Caption("c").Show, "before any kernel")
	fails(t, Kernels().Add("K", testKernel(3)).Columns(0).Show, "0 maps")
	fails(t, Penalties().Show, "nothing to draw")
	fails(t, Penalties().Penalty("p", nil).Show, `"p" is nil`)
	fails(t, Penalties().Penalty("p", penalty.Squared(-1)).Show, `"p"`)
	fails(t, Penalties().Penalty("p", penalty.Squared(1)).Over(2, 1).Show, "[2, 1]")
	fails(t, Spectra().Add("s", nil).Show, `"s" is empty`)
	fails(t, Spectra().Add("s", []float64{1e-9}).Floor(1e-3).Show, "reaches the floor")
	fails(t, Spectra().Floor(0).Show, "floor")
	fails(t, Convergence().Objective("f", []float64{math.NaN()}).Show, "no finite value")
	fails(t, Convergence().Objective("f", []float64{1, 1}).Show, "never changes")
	fails(t, Histogram().Add("h", nil).Show, `"h" is empty`)
	fails(t, Histogram().Add("h", []float64{math.NaN()}).Show, "finite")
	fails(t, Histogram().Add("h", one).Bins(0).Show, "0 bins")
	fails(t, Histogram().Add("h", one).LogX().Show, "logarithm")
	fails(t, SampleComplexity().Add("c", one, one, one[:1]).Show, "3 means and 1 spreads")
	fails(t, SampleComplexity().Add("c", one, one, []float64{0, -1, 0}).Show, "spread -1 at point 2")
	fails(t, SampleComplexity().Runs("c", one, nil).Show, "3 numbers of examples and 0 groups")
	fails(t, SampleComplexity().Runs("c", one[:1], [][]float64{{}}).Show, "no run for n = 1")
	fails(t, Phase(one, one, nil).Show, "no values")
	fails(t, Phase(one, one, mat.NewDense(2, 3, nil)).Show, "2 rows and 3 columns")
	fails(t, Phase([]float64{1, 2, 4}, one, mat.NewDense(3, 3, nil)).Show, "equal steps", "value 2")
	fails(t, Phase(one, one, mat.NewDense(3, 3, nil)).Range(1, 0).Show, "from 1 to 0")
	fails(t, LevelSets(nil, 0, 1, 0, 1).Show, "no function")
	fails(t, LevelSets(math.Hypot, 1, 0, 0, 1).Show, "rectangle")
	fails(t, LevelSets(func(x, y float64) float64 { return 1 }, 0, 1, 0, 1).Show, "no two finite values")
	fails(t, LevelSets(math.Hypot, 0, 1, 0, 1).Line("l", 0, 0, 1).Show, "no line")
	fails(t, Images(nil, 2, 2).Show, "no images")
	fails(t, Images(mat.NewDense(1, 5, nil), 2, 2).Show, "5 values", "2 × 2")
	fails(t, Images(mat.NewDense(1, 12, nil), 2, 2).Show, "12 values", "Grey()")
	fails(t, Images(mat.NewDense(2, 4, nil), 2, 2).Labels("a").Show, "1 labels for 2 images")
	fails(t, Compose().Show, "nothing to compose")
	fails(t, Compose(nil).Show, "part 1", "nil")
	fails(t, Compose(Lines().Add("a", one, one), Lines()).Show, "part (b)", "nothing to draw")
	fails(t, Claims().Show, "no rows")
	fails(t, Claims().Row("c", 1, 1, -1).Show, "tolerance -1")
}

// Several mistakes come together in one error.
func TestErrorsJoin(t *testing.T) {
	fails(t, Lines().Add("a", nil, nil).Add("b", []float64{1}, nil).Show, `"a" is empty`, `"b" has 1 x values`)
}

func TestGapsAndNotes(t *testing.T) {
	x := ramp(6)
	y := []float64{1, math.NaN(), 3, math.Inf(1), 5, 6}
	f := Lines().Add("a", x, y)
	raw, err := f.Option()
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Series []struct{ Data []json.RawMessage }
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	for i, d := range o.Series[0].Data {
		var p [2]*float64
		var alone struct {
			Value  [2]*float64
			Symbol string
		}
		if json.Unmarshal(d, &p) != nil {
			if err := json.Unmarshal(d, &alone); err != nil {
				t.Fatal(err)
			}
			p = alone.Value
		}
		if gapped := p[1] == nil; gapped != !draw.Finite(y[i]) {
			t.Errorf("point %d: gap %v, value %g", i, gapped, y[i])
		}
		// The points between two gaps are marked, or they would not be seen.
		if marked := alone.Symbol == "circle"; marked != (i == 0 || i == 2) {
			t.Errorf("point %d: marked %v", i, marked)
		}
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "2 values are not finite") {
		t.Errorf("text %q, %v", text, err)
	}
	k := mat.DenseCopyOf(testKernel(4))
	k.Set(1, 2, math.NaN())
	text, err = Kernels().Add("K", k).Text()
	if err != nil || !strings.Contains(text, "One entry is not finite") {
		t.Errorf("text %q, %v", text, err)
	}
	for name, c := range map[string]struct {
		f    interface{ Text() (string, error) }
		want string
	}{
		"spread":     {SampleComplexity().Add("a", ramp(3), ramp(3), []float64{1, math.NaN(), 1}), "One value is not finite"},
		"band":       {Lines().Band("a", ramp(3), []float64{1, math.NaN(), 3}, ramp(3), ramp(3)), "One value is not finite"},
		"edge":       {Lines().Band("a", ramp(3), ramp(3), []float64{1, math.NaN(), 3}, ramp(3)), "One value is not finite"},
		"beyond":     {Phase([]float64{1, 2}, []float64{1, 2}, mat.NewDense(2, 2, []float64{1, 2, 3, 4})).Range(1, 2), "2 of 4, between 1 and 4"},
		"summary":    {Phase([]float64{1, 2}, []float64{1, 2}, mat.NewDense(2, 2, []float64{1, 2, 3, 4})).Range(1, 2), "2 × 2 values from 1 to 4"},
		"thinned":    {Scatter().Add("a", ramp(7001), ramp(7001)), " of 7001 points drawn, fewer where they are dense"},
		"kept":       {Lines().Add("a", ramp(7001), ramp(7001)), "2000 of 7001 points drawn, extremes kept"},
		"zeros":      {Convergence().Add("gap", []float64{1, 0.1, 0, 0.01, 0}), "2 values are exactly 0"},
		"zero":       {Lines().Add("a", ramp(3), []float64{1, 0, 2}).LogY(), "One value is exactly 0, which a logarithmic axis cannot show."},
		"x":          {Lines().Add("a", []float64{-1, 0, 2}, ramp(3)).LogX(), "One value is negative"},
		"x zero":     {Lines().Add("a", []float64{-1, 0, 2}, ramp(3)).LogX(), "One value is exactly 0"},
		"cloud":      {Scatter().Add("a", ramp(3), []float64{0, -1, -2}).LogLog(), "2 values are negative"},
		"loss":       {History().Add("loss", []float64{1, 0.1, 0}), "One value is exactly 0"},
		"spectrum":   {Spectra().Add("s", []float64{2, 1, 0, -1e-17}), "One value is negative"},
		"all zeros":  {Convergence().Add("gap", []float64{0, 0}), "2 values are exactly 0"},
		"not finite": {Convergence().Add("gap", []float64{0, 1, math.NaN()}), "One value is not finite"},
		"log band":   {Lines().Band("a", ramp(3), ramp(3), []float64{-1, 0, 1}, ramp(3)).LogY(), "2 ends of bands reach down to 0 or below"},
		"log rule":   {Lines().Add("a", ramp(3), ramp(3)).LogY().HLine(0, "floor"), "“floor” stands at 0, which a logarithmic axis cannot show"},
		"rounding":   {Lines().Add("a", ramp(3), []float64{1, 1, 0.9999999999999999}), "differ by rounding only, from 0.9999999999999999 to 1"},
		"log bars":   {SampleComplexity().Add("a", ramp(3), []float64{1, 0.1, 0.05}, []float64{0.1, 0.2, 0.1}).LogLog(), "2 error bars reach down to 0 or below"},
		"out":        {LevelSets(func(x, y float64) float64 { return x * y }, -1, 1, -1, 1).Point("p", 5, 5), "“p” leaves the rectangle"},
		"path":       {LevelSets(func(x, y float64) float64 { return x * y }, -1, 1, -1, 1).Path("way", []float64{0, 3}, []float64{0, 0}), "“way” leaves the rectangle"},
		"half":       {LevelSets(func(x, y float64) float64 { return math.Log(x) + y }, -1, 1, -1, 1), "% of the rectangle, which stays blank"},
		"diverging":  {Phase([]float64{1, 2}, []float64{1, 2}, mat.NewDense(2, 2, []float64{-5, 0, 3, 14})).Ramp(Diverging), "from −5 to 14"},
		"nothing":    {Lines().Add("a", ramp(2), []float64{math.NaN(), math.NaN()}), "none of them finite"},
	} {
		if text, err := c.f.Text(); err != nil || !strings.Contains(text, c.want) {
			t.Errorf("%s: text %q, %v", name, text, err)
		}
	}
	// Nothing finite at all still draws an empty frame and says so.
	if err := Lines().Add("a", x[:2], []float64{math.NaN(), math.NaN()}).Show(); err != nil {
		t.Error(err)
	}
}

func TestUsersTextIsData(t *testing.T) {
	f := Lines().Add("@ink </script><b>", ramp(3), ramp(3)).Title(`@f:num "quoted" <i>`).X("@s1")
	raw, err := f.Option()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), `"name": "@ink \u003c/script`) && !strings.Contains(string(raw), `"name": "@ink </script`) {
		t.Error("the series' name was changed")
	}
	sc, err := f.sheet().scene()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sc.Fragment("")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(s, "</script") != 1 || strings.Contains(s, "<i>") || strings.Contains(s, "<b>\"") {
		t.Error("a user's text reaches the markup")
	}
}

func TestSaveFormats(t *testing.T) {
	dir := t.TempDir()
	f := Lines().Add("a", ramp(5), ramp(5)).Title("T")
	fails(t, func() error { return f.Save(filepath.Join(dir, "f.gif")) }, ".svg, .png, .html or .json")
	fails(t, func() error { return f.Save(filepath.Join(dir, "none", "f.json")) }, "saving")
	if err := f.Save(filepath.Join(dir, "f.json")); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "f.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), `"@`) {
		t.Error("a name of ours is left in the exported option")
	}
	needECharts(t)
	for _, name := range []string{"f.svg", "f.html"} {
		if err := f.Save(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(raw), "<svg") && !strings.Contains(string(raw), "%3Csvg") {
			t.Errorf("%s holds no picture (%v)", name, err)
		}
	}
	if err := f.Save(filepath.Join(dir, "f.png")); errors.Is(err, render.ErrNoConverter) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	raw, err = os.ReadFile(filepath.Join(dir, "f.png"))
	if err != nil || !strings.HasPrefix(string(raw), "\x89PNG") {
		t.Errorf("no PNG (%v)", err)
	}
}

// Without a converter the error says what to install.
func TestNoConverter(t *testing.T) {
	needECharts(t)
	t.Setenv("PATH", t.TempDir())
	fails(t, func() error { return Lines().Add("a", ramp(3), ramp(3)).Save(filepath.Join(t.TempDir(), "f.png")) }, "librsvg2-bin", "Chromium")
}

// Without the library the figure still comes, with its text in the picture's
// place and the way to get the picture.
func TestNoECharts(t *testing.T) {
	t.Setenv(EChartsEnv, filepath.Join(t.TempDir(), "none.js"))
	m, err := message(Lines().Add("a", ramp(3), ramp(3)).Title("T").sheet())
	if err != nil {
		t.Fatal(err)
	}
	html := m["text/html"].(string)
	if !strings.Contains(html, "docker/lab") || !strings.Contains(html, "<script>") || strings.Contains(html, "<img") {
		t.Error("the fallback is not what it should be")
	}
	if _, ok := m["image/svg+xml"]; ok {
		t.Error("a picture out of nothing")
	}
	fails(t, func() error { _, err := Lines().Add("a", ramp(3), ramp(3)).SVG(); return err }, "docker/lab", EChartsEnv)

	other := filepath.Join(t.TempDir(), "other.js")
	writeFile(t, other, "var echarts = {}")
	t.Setenv(EChartsEnv, other)
	fails(t, func() error { _, err := Lines().Add("a", ramp(3), ramp(3)).SVG(); return err }, "SHA-256", EChartsVersion)
}
