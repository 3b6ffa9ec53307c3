package charts

import "github.com/tangentfeatures/gonb-atf/charts/internal/render"

// The drawing library: docker/lab fetches this version and checks it; it is
// checked again whenever it is loaded.
const (
	// EChartsVersion is the version of Apache ECharts that draws the figures.
	EChartsVersion = render.EChartsVersion
	// EChartsSHA256 is the checksum of its dist/echarts.min.js.
	EChartsSHA256 = render.EChartsSHA256
	// EChartsEnv names the environment variable that may hold the file's path.
	EChartsEnv = render.EChartsEnv
)

// EChartsPath is where the library is looked for: $ATF_ECHARTS, else
// gonb-atf/echarts/<version>/echarts.min.js in the user's cache.
func EChartsPath() (string, error) { return render.EChartsPath() }
