package charts

// Number writes v as the figures do, for captions and notes: with at most the
// given number of significant digits, plainly between 10⁻³ and 10⁵, else as a
// multiple of a power of ten.
func Number(v float64, digits int) string { return formatNumber(v, max(digits, 1)) }
