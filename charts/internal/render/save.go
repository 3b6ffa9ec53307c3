package render

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Save writes the figure in the format the path's ending names: .svg, .png,
// .pdf, .html or .json. The title is that of the HTML page.
func (s *Figure) Save(path, title string) error {
	var out []byte
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
		svg, err := s.SVG()
		if err != nil {
			return err
		}
		out = []byte(svg)
	case ".png":
		svg, err := s.SVG()
		if err != nil {
			return err
		}
		if out, err = toPNG(svg, s.W, s.H, 2); err != nil {
			return err
		}
	case ".pdf":
		svg, err := s.SVG()
		if err != nil {
			return err
		}
		if out, err = toPDF(svg); err != nil {
			return err
		}
	case ".html":
		svg, err := s.SVG()
		if err != nil {
			return err
		}
		library, err := LoadECharts()
		if err != nil {
			return err
		}
		page, err := s.page(title, svg, string(library))
		if err != nil {
			return err
		}
		out = []byte(page)
	case ".json":
		if out, err = s.JSON(); err != nil {
			return err
		}
		out = append(out, '\n')
	default:
		return fmt.Errorf("charts: cannot save %q: the name must end in .pdf, .svg, .png, .html or .json", path)
	}
	if err := os.WriteFile(path, out, 0o644); err != nil {
		return fmt.Errorf("charts: saving the figure: %w", err)
	}
	return nil
}
