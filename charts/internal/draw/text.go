package draw

import (
	"math"
	"strconv"
	"strings"
)

// asciiWidths are advance widths of the characters from ' ' to '~' in
// thousandths of the font size: those of DejaVu Sans, the widest font of
// fontFamily, so that nothing is cut off whichever of them is there.
var asciiWidths = [...]int{
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
	636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
	1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
	603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
	500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
	635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
}

// BoldWider is how much wider the bold face is.
const BoldWider = 1.11

// TextWidth estimates how wide s is at a font size in pixels. No font is at
// hand, neither here nor in the server-side rendering, so both use this.
func TextWidth(s string, size float64) float64 {
	w := 0
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			w += asciiWidths[r-' ']
		case r >= 0x300 && r <= 0x36f: // combining marks stand above
		case r >= 0x2070 && r <= 0x209f || r == '¹' || r == '²' || r == '³':
			w += 420
		case r >= 0x2190 && r <= 0x22ff || r == '±' || r == '×': // arrows, operators
			w += 838
		case strings.ContainsRune("ωΩφΦψΨ", r):
			w += 830
		case r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xffdc || r >= 0x1f000:
			w += 1000
		default:
			w += 650
		}
	}
	return float64(w) / 1000 * size
}

// TextRows breaks s into lines no wider than width.
func TextRows(s string, size, width float64) []string {
	var rows []string
	for _, para := range strings.Split(s, "\n") {
		row := ""
		for _, word := range strings.Fields(para) {
			switch {
			case row == "":
				row = word
			case TextWidth(row+" "+word, size) <= width:
				row += " " + word
			default:
				rows = append(rows, row)
				row = word
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "-", "⁻", "+", "")

// FormatNumber writes v with at most the given number of significant digits:
// plainly between 10⁻³ and 10⁵, else as a multiple of a power of ten.
func FormatNumber(v float64, digits int) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "Inf", "∞", 1)
	case a >= 1e-3 && a < 1e5:
		// Rounding to digits first keeps whole numbers whole.
		r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
		return Minus(strconv.FormatFloat(r, 'f', -1, 64))
	}
	s := strconv.FormatFloat(v, 'e', digits-1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	e, _ := strconv.Atoi(exponent)
	power := "10" + superscripts.Replace(strconv.Itoa(e))
	switch mantissa {
	case "1":
		return power
	case "-1":
		return "−" + power
	}
	return Minus(mantissa) + "·" + power
}

// Minus puts the true minus sign.
func Minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// formatPower writes a tick of a log axis: 10⁻³, 2·10⁴.
func formatPower(v float64) string {
	if !(v > 0) {
		return FormatNumber(v, 4)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 2, 64), "e")
	e, _ := strconv.Atoi(exponent)
	power := "10" + superscripts.Replace(strconv.Itoa(e))
	mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	if mantissa == "1" {
		return power
	}
	return mantissa + "·" + power
}

// NotFinite is the note about NaN and infinities.
func NotFinite(n int, what, fate string) string {
	if n == 1 {
		return "One " + what + " is not finite (NaN or ±∞) and is " + fate + "."
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		what = stem + "ie"
	}
	return strconv.Itoa(n) + " " + what + "s are not finite (NaN or ±∞) and are " + fate + "."
}

// plural counts: "One error bar reaches", "3 error bars reach".
func plural(n int, one, many string) string {
	if n == 1 {
		return "One " + one
	}
	return strconv.Itoa(n) + " " + many
}
