// Package reproduction holds what the notebooks found against what the paper
// says, item by item: each equation, theorem and figure of
//
//	D. LeJeune and S. Alemohammad, An Adaptive Tangent Feature Perspective of
//	Neural Networks, CPAL 2024 (arXiv 2308.15478).
//
// Nothing here is typed in. A notebook's table of claims (charts.Claims) leaves
// its rows in the notebook itself, as a Table beside the table that one sees;
// Read collects them, and the figures, from executed notebooks:
//
//	report, err := reproduction.Read()
//	rows := report.Rows("Theorem 1")
//	picture, err := report.Figure("06_figure1_kernel_alignment", "Targets y, seed 1")
//
// Each row knows the setting, the data and the notebook from which it comes, so
// that a number of the quick settings cannot pass for one of the paper's.
// Items lists what the paper holds; Report.Uncovered says on which of them no
// notebook that was run has a claim.
package reproduction
