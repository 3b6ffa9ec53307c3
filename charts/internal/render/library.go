package render

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The drawing library: docker/lab fetches this version and checks it; it is
// checked again whenever it is loaded.
const (
	// EChartsVersion is the version of Apache ECharts that draws the figures.
	EChartsVersion = "5.6.0"
	// EChartsSHA256 is the checksum of its dist/echarts.min.js.
	EChartsSHA256 = "bf4a223524e40b77c304bec67e1222cf551f14880cf42c69dc046558e11c07b1"
	// echartsIntegrity is the same file's checksum as browsers check it.
	echartsIntegrity = "sha384-pPi0zxBAoDu6+JXW/C68UZLvBUUtU+7zonhif43rqj7pxsGyqyqzcian2Rj37Rss"
	// EChartsEnv names the environment variable that may hold the file's path.
	EChartsEnv = "ATF_ECHARTS"

	echartsCDN = "https://cdn.jsdelivr.net/npm/echarts@" + EChartsVersion + "/dist/echarts.min.js"
	// EChartsFile is where a notebook server has it, below nbextensions/ and
	// static/; docker/lab puts it there, and beside the exported notebooks.
	EChartsFile = "gonb-atf/echarts-" + EChartsVersion + ".min.js"
)

// EChartsPath is where the library is looked for: $ATF_ECHARTS, else
// gonb-atf/echarts/<version>/echarts.min.js in the user's cache.
func EChartsPath() (string, error) {
	if p := os.Getenv(EChartsEnv); p != "" {
		return p, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("charts: no cache folder for ECharts: %w (name its file in $%s)", err, EChartsEnv)
	}
	return filepath.Join(dir, "gonb-atf", "echarts", EChartsVersion, "echarts.min.js"), nil
}

// LoadECharts reads the library and checks that it is the pinned one.
func LoadECharts() ([]byte, error) {
	path, err := EChartsPath()
	if err != nil {
		return nil, err
	}
	src, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("charts: ECharts %s is not at %s: run ./docker/lab once, which fetches it, or name the file in $%s",
			EChartsVersion, path, EChartsEnv)
	}
	if err != nil {
		return nil, fmt.Errorf("charts: ECharts %s: %w", EChartsVersion, err)
	}
	if sum := sha256.Sum256(src); hex.EncodeToString(sum[:]) != EChartsSHA256 {
		return nil, fmt.Errorf("charts: %s is not ECharts %s: SHA-256 %x, wanted %s: delete it and run ./docker/lab",
			path, EChartsVersion, sum, EChartsSHA256)
	}
	return src, nil
}
