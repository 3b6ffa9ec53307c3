package atf

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// paperWeights gives the weights of the paper's own alternation, W = B² ⊗ A²
// on a matrix with both sides transformed, at the coefficients coef.
func (p *spectralPiece) paperWeights(coef []float64) ([]weight, error) {
	u, s, v, err := thinSVD(p.matrix(coef))
	if err != nil {
		return nil, err
	}
	a, b := make([]float64, len(s)), make([]float64, len(s))
	for j, sigma := range s {
		a[j], b[j] = p.pen.Split(sigma)
	}
	return []weight{{scale: 1, left: lowRank(u, a, 1).squareOrNothing(), right: lowRank(v, b, 1).squareOrNothing()}}, nil
}

// alternate is one round of section 7: the transformations that suit β, then
// the smallest coefficients that fit with them.
func (e *engine) alternate() error {
	k := blas64.General{Rows: e.sys.rows, Cols: e.sys.rows, Stride: e.sys.rows, Data: e.gram}
	copy(k.Data, e.fixedGram.Data)
	for _, sp := range e.sys.pieces {
		ws := sp.weights()
		if sm, ok := sp.piece.(*spectralPiece); ok {
			var err error
			if ws, err = sm.paperWeights(e.beta[sp.from:sp.to]); err != nil {
				return err
			}
		}
		for i, w := range ws {
			e.weight[sp.lo+i] = w
			if !sp.fixed() {
				e.sys.sources[sp.lo+i].gram(w, k, &e.scratch)
			}
		}
	}
	linalg.MirrorUpper(k)
	if err := e.factorize(k); err != nil {
		return err
	}
	beta, err := e.lift(e.sys.yhat)
	if err != nil {
		return err
	}
	return e.settle(beta)
}
