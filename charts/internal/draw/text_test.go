package draw

import "testing"

func TestFormatNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1: "1", -0.5: "−0.5", 0.30000000000000004: "0.3", 1e-4: "10⁻⁴", 2.5e-7: "2.5·10⁻⁷",
		123456: "1.23456·10⁵", 1000: "1000", 1e5: "10⁵", -1e-9: "−10⁻⁹"} {
		if got := FormatNumber(v, 6); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{1: "10⁰", 0.001: "10⁻³", 200: "2·10²", 1e12: "10¹²"} {
		if got := formatPower(v); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
}

// Widths are those of the widest face of the fonts: advances of DejaVu Sans.
func TestTextWidth(t *testing.T) {
	for s, want := range map[string]float64{"mmmmmmmmmm": 97.4, "0123456789": 63.6, "λ = ω": 29.0, "K̂": 6.6, "≤ −1": 26.4} {
		if got := TextWidth(s, 10); got < 0.97*want || got > 1.25*want {
			t.Errorf("%q: %g pixels, DejaVu Sans takes %g", s, got, want)
		}
	}
	// 60 characters of 5.85 pixels do not fit where Helvetica's 5 would.
	if rows := TextRows("The default setting is drawn as there are no controls here.", 11, 320); len(rows) != 2 {
		t.Errorf("rows %q", rows)
	}
}

func TestMinusSigns(t *testing.T) {
	for in, want := range map[string]string{"-0.93": "−0.93", "slope -1 ± 0.1": "slope −1 ± 0.1", "(-3, -.5)": "(−3, −.5)", "x=-2": "x=−2",
		"2-3": "2-3", "semi-norm": "semi-norm", "a - b": "a - b", "K-1": "K-1"} {
		if got := minusSigns.ReplaceAllString(in, "$1−$2"); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
