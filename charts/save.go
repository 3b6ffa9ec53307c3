package charts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// save writes the figure in the format the path's ending names.
func save(s *sheet, path string) error {
	sc, err := s.scene()
	if err != nil {
		return err
	}
	var out []byte
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
		svg, err := sc.svg()
		if err != nil {
			return err
		}
		out = []byte(svg)
	case ".png":
		svg, err := sc.svg()
		if err != nil {
			return err
		}
		if out, err = toPNG(svg, sc.w, sc.h, 2); err != nil {
			return err
		}
	case ".html":
		svg, err := sc.svg()
		if err != nil {
			return err
		}
		library, err := loadECharts()
		if err != nil {
			return err
		}
		title := s.title
		if title == "" {
			title = "Figure"
		}
		page, err := sc.page(title, svg, string(library))
		if err != nil {
			return err
		}
		out = []byte(page)
	case ".json":
		if out, err = sc.optionJSON(); err != nil {
			return err
		}
		out = append(out, '\n')
	default:
		return fmt.Errorf("charts: cannot save %q: the name must end in .svg, .png, .html or .json", path)
	}
	if err := os.WriteFile(path, out, 0o644); err != nil {
		return fmt.Errorf("charts: saving the figure: %w", err)
	}
	return nil
}
