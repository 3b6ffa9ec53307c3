package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// SVG draws the static picture.
func (s *Figure) SVG() (string, error) {
	raw, err := s.payload(true)
	if err != nil {
		return "", err
	}
	raw, clouds, err := s.clouds(raw)
	if err != nil {
		return "", err
	}
	out, err := renderSVG(raw, s.W, s.H, s.stillTheme(), s.Look.Measure)
	if err != nil {
		return "", err
	}
	if out, err = repeat(out, clouds); err != nil {
		return "", err
	}
	var title bytes.Buffer
	title.WriteString(` role="img"><title>`)
	title.WriteString(escapeXML(s.Alt))
	title.WriteString("</title>")
	return polish(strings.Replace(out, ">", title.String(), 1)), nil
}

// ErrNoConverter says what to install for PNG.
var ErrNoConverter = errors.New("charts: no converter from SVG to PNG: install rsvg-convert (Debian: apt-get install librsvg2-bin) or Chromium")

// converterTime is the longest a conversion may take.
const converterTime = 20 * time.Second

// errNoPDF says what to install for PDF.
var errNoPDF = errors.New("charts: no converter from SVG to PDF: install rsvg-convert (Debian: apt-get install librsvg2-bin), or save as .svg, which most programs take")

// toPDF draws an SVG as a page of its size, its words as words, by rsvg-convert.
func toPDF(svg string) ([]byte, error) {
	out, err := convert(svg, "--format=pdf")
	if errors.Is(err, ErrNoConverter) {
		return nil, errNoPDF
	}
	return out, err
}

// Rasterize draws an SVG as PNG by rsvg-convert, at so many device pixels for
// one of ours.
func Rasterize(svg string, scale float64) ([]byte, error) {
	return convert(svg, "--format=png", fmt.Sprintf("--zoom=%g", scale))
}

// convert runs rsvg-convert on an SVG.
func convert(svg string, flags ...string) ([]byte, error) {
	path, err := exec.LookPath("rsvg-convert")
	if err != nil {
		return nil, ErrNoConverter
	}
	ctx, cancel := context.WithTimeout(context.Background(), converterTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, flags...)
	cmd.Stdin = strings.NewReader(svg)
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("charts: rsvg-convert: %w: %s", err, strings.TrimSpace(problem.String()))
	}
	return out.Bytes(), nil
}

// JSON resolves the names of the option for other programs that draw
// ECharts: colours of the theme and images in place, functions left out.
func (s *Figure) JSON() ([]byte, error) {
	raw, err := encode(s.Option)
	if err != nil {
		return nil, fmt.Errorf("charts: writing the option: %w", err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	colors := s.Look.Light
	if s.Theme == Dark {
		colors = s.Look.Dark
	}
	tree, _ = s.resolve(tree, colors)
	return json.MarshalIndent(tree, "", " ")
}

// resolve replaces names in a decoded option; false drops the value.
func (s *Figure) resolve(v any, colors map[string]string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "atfLive")
		for k, inner := range v {
			r, keep := s.resolve(inner, colors)
			if keep {
				v[k] = r
			} else {
				delete(v, k)
			}
		}
	case []any:
		for i := range v {
			v[i], _ = s.resolve(v[i], colors)
		}
	case string:
		switch {
		case !strings.HasPrefix(v, "@"):
		case strings.HasPrefix(v, "@f:"), strings.HasPrefix(v, "@n:"), strings.HasPrefix(v, "@z:"):
			return nil, false
		case strings.HasPrefix(v, "@t:"):
			return v[3:], true
		case strings.HasPrefix(v, "@i:"):
			var k int
			fmt.Sscanf(v, "@i:%d", &k)
			return s.Images[k], true
		case strings.HasPrefix(v, "@d:"):
			var k int
			fmt.Sscanf(v, "@d:%d", &k)
			return s.Table(k), true
		default:
			return colors[v[1:]], true
		}
	}
	return v, true
}

// toPNG converts by whichever converter is present.
func toPNG(svg string, w, h, scale float64) ([]byte, error) {
	out, err := Rasterize(svg, scale)
	if !errors.Is(err, ErrNoConverter) {
		return out, err
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return browserPNG(path, svg, w, h, scale)
		}
	}
	return nil, ErrNoConverter
}

// browserPNG takes a picture of the SVG in a headless browser.
func browserPNG(browser, svg string, w, h, scale float64) ([]byte, error) {
	dir, err := os.MkdirTemp("", "gonb-atf-")
	if err != nil {
		return nil, fmt.Errorf("charts: %w", err)
	}
	defer os.RemoveAll(dir)
	page, picture := filepath.Join(dir, "figure.html"), filepath.Join(dir, "figure.png")
	html := "<!DOCTYPE html><meta charset=utf-8><style>body{margin:0}svg{display:block}</style>" + svg
	if err := os.WriteFile(page, []byte(html), 0o600); err != nil {
		return nil, fmt.Errorf("charts: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*converterTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
		"--user-data-dir="+filepath.Join(dir, "profile"), fmt.Sprintf("--force-device-scale-factor=%g", scale),
		fmt.Sprintf("--window-size=%d,%d", int(w), int(h)), "--screenshot="+picture, "file://"+page)
	if problem, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("charts: %s: %w: %s", browser, err, tail(problem, 300))
	}
	out, err := os.ReadFile(picture)
	if err != nil {
		return nil, fmt.Errorf("charts: %s drew no picture: %w", browser, err)
	}
	return out, nil
}

func tail(b []byte, n int) string { return string(b[max(0, len(b)-n):]) }

func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
