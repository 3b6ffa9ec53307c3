// Package draw puts what a figure shows into one ECharts option: a Canvas
// gathers series, texts and images, all placed in pixels; a Pane is a pair of
// axes with its legend and the marks between them. Lines, points, bands, bars,
// rules, labels, paths and a map below are marks, each a type in a file of its
// own (mark.go says what one must do). It knows neither figures nor how an
// option is shown.
package draw
