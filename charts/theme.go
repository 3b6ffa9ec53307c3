package charts

// Theme says on which background a figure is drawn.
type Theme int

const (
	// Auto follows the front end where scripts run; the static picture is a
	// light card, which reads on light and dark pages alike.
	Auto Theme = iota
	// Light draws dark on white everywhere.
	Light
	// Dark draws light on dark everywhere, the static picture included.
	Dark
)
