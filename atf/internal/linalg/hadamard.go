package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Hadamard adds entrywise products to Gram blocks without allocating. It
// serves one goroutine at a time.
type Hadamard struct {
	rows, units *par.Loop
	dst, dd, hh blas64.General
	c           int
	ws, bs      float64
}

// NewHadamard prepares the loops.
func NewHadamard() *Hadamard {
	h := &Hadamard{}
	h.rows, h.units = par.NewLoop(h.addRows), par.NewLoop(h.addUnits)
	return h
}

// Add adds dd∘(ws·hh + bs) to dst, where one entry of hh stands for a block of
// c × c entries of dd: the Gram block of a layer from the products of its
// signals (nC × mC) and of its inputs (n × m).
func (h *Hadamard) Add(dst, dd, hh blas64.General, c int, ws, bs float64) {
	h.dst, h.dd, h.hh, h.c, h.ws, h.bs = dst, dd, hh, c, ws, bs
	h.rows.Run(dst.Rows, 1+(1<<14)/max(dst.Cols, 1))
}

// AddUnit adds ws·hh + bs where both outputs are the same: the signals of a
// last layer are unit vectors.
func (h *Hadamard) AddUnit(dst, hh blas64.General, c int, ws, bs float64) {
	h.dst, h.hh, h.c, h.ws, h.bs = dst, hh, c, ws, bs
	h.units.Run(dst.Rows, 1+(1<<14)/max(dst.Cols, 1))
}

func (h *Hadamard) addRows(lo, hi int) {
	c, ws, bs := h.c, h.ws, h.bs
	for r := lo; r < hi; r++ {
		out := h.dst.Data[r*h.dst.Stride : r*h.dst.Stride+h.dst.Cols]
		d := h.dd.Data[r*h.dd.Stride : r*h.dd.Stride+len(out)]
		k := h.hh.Data[r/c*h.hh.Stride : r/c*h.hh.Stride+h.hh.Cols]
		if c == 1 {
			for j, v := range k {
				out[j] += d[j] * (ws*v + bs)
			}
			continue
		}
		for j, v := range k {
			v = ws*v + bs
			for e := j * c; e < (j+1)*c; e++ {
				out[e] += d[e] * v
			}
		}
	}
}

func (h *Hadamard) addUnits(lo, hi int) {
	for r := lo; r < hi; r++ {
		out := h.dst.Data[r*h.dst.Stride : r*h.dst.Stride+h.dst.Cols]
		for j, v := range h.hh.Data[r/h.c*h.hh.Stride : r/h.c*h.hh.Stride+h.hh.Cols] {
			out[j*h.c+r%h.c] += h.ws*v + h.bs
		}
	}
}
