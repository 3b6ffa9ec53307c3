package charts

import "github.com/tangentfeatures/gonb-atf/charts/internal/draw"

// Number writes v as the figures do, for captions and notes: with at most the
// given number of significant digits, plainly between 10⁻³ and 10⁵, else as a
// multiple of a power of ten.
func Number(v float64, digits int) string { return draw.FormatNumber(v, max(digits, 1)) }
