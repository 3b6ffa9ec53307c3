package render

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/dop251/goja"
)

//go:embed runtime.js
var runtimeJS string

// renderer holds ECharts in an interpreter. Loading it takes a third of a
// second, once a process; a lock keeps its use to one goroutine at a time.
type renderer struct {
	vm      *goja.Runtime
	draw    goja.Callable
	path    string // of the library
	measure func(text string, size float64, bold bool) float64
}

var (
	engineMu sync.Mutex
	engine   *renderer
)

// bridge is what the interpreter lacks, and the drawing call.
const bridge = `
var gonbAtfDraw = function (json, w, h, theme) {
  var spec = JSON.parse(json);
  var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: w, height: h });
  try {
    chart.setOption(gonbAtfFigure(spec).option(theme, true, spec.images || []));
    return chart.renderToSVGString();
  } finally { chart.dispose(); }
};`

// mendedLog corrects the interpreter's logarithm below the smallest normal
// float, as log10 does Go's.
const mendedLog = `(function () {
  var log = Math.log;
  Math.log = function (v) {
    return v > 0 && v < 2.2250738585072014e-308 ? log(v * Math.pow(2, 200)) - 200 * Math.LN2 : log(v);
  };
})();`

func newRenderer() (*renderer, error) {
	src, err := LoadECharts()
	if err != nil {
		return nil, err
	}
	program, err := goja.Compile("echarts.min.js", string(src), false)
	if err != nil {
		return nil, fmt.Errorf("charts: compiling ECharts %s: %w", EChartsVersion, err)
	}
	vm := goja.New()
	r := &renderer{vm: vm}
	// Timers only serve animation and the mouse, which a still picture lacks.
	nothing := func(goja.FunctionCall) goja.Value { return vm.ToValue(0) }
	console := vm.NewObject()
	for _, f := range []string{"log", "warn", "error", "info", "debug"} {
		if err := console.Set(f, nothing); err != nil {
			return nil, err
		}
	}
	for name, v := range map[string]any{
		"setTimeout": nothing, "clearTimeout": nothing, "setInterval": nothing, "clearInterval": nothing, "console": console,
		"gonbAtfMeasure": func(s string, size float64, bold bool) float64 {
			return r.measure(s, size, bold)
		},
	} {
		if err := vm.Set(name, v); err != nil {
			return nil, err
		}
	}
	if _, err := vm.RunString(mendedLog); err != nil {
		return nil, fmt.Errorf("charts: mending Math.log: %w", err)
	}
	if _, err := vm.RunProgram(program); err != nil {
		return nil, fmt.Errorf("charts: loading ECharts %s: %w", EChartsVersion, err)
	}
	for _, s := range []string{runtimeJS, bridge, `
echarts.setPlatformAPI({ measureText: function (text, font) {
  var m = /([\d.]+)px/.exec(font || '');
  return { width: gonbAtfMeasure(String(text), m ? +m[1] : 12, /\b(bold|[6-9]00)\b/.test(font || '')) };
} });`} {
		if _, err := vm.RunString(s); err != nil {
			return nil, fmt.Errorf("charts: loading the figure code: %w", err)
		}
	}
	draw, ok := goja.AssertFunction(vm.Get("gonbAtfDraw"))
	if !ok {
		return nil, fmt.Errorf("charts: the figure code has no drawing call")
	}
	r.draw = draw
	return r, nil
}

// renderSVG draws a figure's JSON by ECharts' server-side rendering.
func renderSVG(spec []byte, w, h float64, theme string, measure func(text string, size float64, bold bool) float64) (string, error) {
	engineMu.Lock()
	defer engineMu.Unlock()
	path, err := EChartsPath()
	if err != nil {
		return "", err
	}
	if engine == nil || engine.path != path {
		e, err := newRenderer()
		if err != nil {
			return "", err
		}
		e.path, engine = path, e
	}
	engine.measure = measure
	v, err := engine.draw(goja.Undefined(), engine.vm.ToValue(string(spec)), engine.vm.ToValue(w), engine.vm.ToValue(h), engine.vm.ToValue(theme))
	if err != nil {
		return "", fmt.Errorf("charts: ECharts could not draw the figure: %w", err)
	}
	return v.String(), nil
}
