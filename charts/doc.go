// Package charts draws the figures of the notebooks. Each figure is one
// ECharts option, shown twice from the same option: as an interactive chart
// where scripts run, and as a static picture (SVG by ECharts' own server-side
// rendering, PNG of it where rsvg-convert is installed) everywhere else. It is
// the only package here that knows the screen.
//
//	charts.Kernels().Add("K₀", k0).Add("K̄", kbar).Order(byTarget).SharedScale().
//		SimilarityTo("K_ŷ", label).Show()
//	charts.Lines().Add("ω̃₁", v, w1).Add("ω̃₂", v, w2).X("v").Y("ω̃(v)").Show()
//
// A figure is made by a function, filled by calls that chain, and ended by
// Show, or by Save. Every call changes the figure it is called on and returns
// it, so that a chain and single statements do the same; make two figures where
// two are wanted.
//
// Lines, Scatter, Spectra, Convergence, History, Penalties, SampleComplexity and
// Histogram make a Plot: a pair of axes that begins with settings fit for its
// purpose, and an Add of its own. Whatever a Plot began as, it can draw every
// mark: Line, Func, Band, ErrorBars, Points, Groups, Mark, Bars, Path, Label,
// HLine, VLine, a Map below. Kernels, Images, LevelSets, Phase and Compose are
// figures of other kinds.
//
// The name given to Save ends in
//
//	.svg   the static picture
//	.png   the same, by rsvg-convert or else headless Chromium
//	.pdf   the same, by rsvg-convert, its words as words
//	.html  a page of its own, ECharts included, that needs no network
//	.json  the ECharts option
//
// Mistakes in data or settings are collected along the chain; Show and Save
// return them, and Show prints them in the figure's place. NaN and ±Inf are
// gaps, counted in a note below the figure.
//
// Beside the figures: Claims compares predictions with measurements,
// Reproduction and its like show what all notebooks found (package
// atf/reproduction), Progress makes a bar for long work, Explore a figure with sliders and choices.
// Palette gives series their colours by name, the same in all figures of a
// notebook.
// Indices are written K_ŷ or W_{12} and set below the line.
//
// # To add a mark or a figure
//
// A mark is a type with the methods of draw.Mark in a file of its own: copy
// internal/draw/mark_errorbars.go, say in reach how far it goes and in draw
// which ECharts series it is, and add the method of Plot that makes one to
// plot_marks.go. Its test is a line of marksOf in mark_test.go, so that every
// plot draws it.
//
// A figure that is a Plot is one function that returns it: copy lines.go, or
// histogram.go where marks are computed from the data once all settings are
// known (then Plot holds one more of those in newPlot), and list it in presets
// in mark_test.go. A figure of another kind has a body (figure.go) and setters
// of its own: copy images.go, and list it in TestSettersReturnTheirFigure.
// Either needs its mistakes in TestBadInput and an Example with its Text.
//
// # Symbols
//
//	paper                              here
//	K₀, K̄, K_ŷ                         Kernels().Add
//	ω(s), ω̃(v)                         Penalties
//	σ_j(Θ_ℓ), eigenvalues of K         Spectra
//	objective, residuals, gap          Convergence
//	n against test error               SampleComplexity
//	level sets of Ω̃, path of (β₁,β₂)   LevelSets
package charts
