package feature

import "gonum.org/v1/gonum/blas/blas64"

// NewBias makes the block of a bias vector: the gradient of output c at input i
// is scale·d[iC+c], for the back-propagated signals d of nC × out. d is shared.
func NewBias(d blas64.General, scale float64) *Columns { return NewColumns(d, scale, d.Cols, 1) }
