package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// FitLastLayer gives the network whose last layer fits y (n × C) at x (n × d)
// with the least mean squared error, all other layers kept: the teacher of the
// paper's experiments. With several solutions (fewer examples than features,
// or dependent features: singular values below max(n, p)·2⁻⁵² of the largest
// count as 0) it is the one of least norm in the layer's parameters. The
// solution is by QR and the singular values of R (Golub and Van Loan, 4th ed.,
// §5.5).
//
// It is an error when x is empty, the shapes do not fit, an entry of x or y, or a
// feature, is not finite, an activation lies behind the last parameters, they are
// not those of a dense layer, the features do not fit the memory budget, or the
// singular value decomposition fails.
func FitLastLayer(net *Network, x, y mat.Matrix) (*Network, error) {
	return fitLastLayer(net, x, y, 0)
}

// FitLastLayerRidge is FitLastLayer with the penalty ridge·‖·‖² on the last
// layer's parameters, bias included, added to the sum (not the mean) of
// squared errors. It is an error when ridge is not positive and finite.
func FitLastLayerRidge(net *Network, x, y mat.Matrix, ridge float64) (*Network, error) {
	if !(ridge > 0) || math.IsInf(ridge, 0) {
		return nil, fmt.Errorf("nn: FitLastLayerRidge: the ridge is %v: it must be positive and finite (FitLastLayer takes none)", ridge)
	}
	return fitLastLayer(net, x, y, ridge)
}

func fitLastLayer(net *Network, x, y mat.Matrix, ridge float64) (*Network, error) {
	n, d := x.Dims()
	ny, c := y.Dims()
	if n == 0 {
		return nil, fmt.Errorf("nn: there are no examples to fit the last layer to")
	}
	if n != ny || d != net.Inputs() || c != net.Outputs() {
		return nil, fmt.Errorf("nn: the inputs are %d × %d and the targets %d × %d, for a network of %d inputs and %d outputs: give one example in each row of both",
			n, d, ny, c, net.Inputs(), net.Outputs())
	}
	gx, gy := linalg.General(x), linalg.General(y)
	if err := linalg.Finite("nn: the matrix of inputs", gx); err != nil {
		return nil, err
	}
	if err := linalg.Finite("nn: the matrix of targets", gy); err != nil {
		return nil, err
	}
	top, factor, err := net.lastDense()
	if err != nil {
		return nil, err
	}
	p := net.layers[top].In + 1
	small := int64(min(n, p))
	if err := budget.Check("nn: fitting the last layer", 8*(2*int64(n)*int64(p)+small*(small+int64(p))), 0, "fit it to fewer examples"); err != nil {
		return nil, err
	}
	phi := lastFeatures(net, gx, top, factor)
	if err := linalg.Finite("nn: the matrix of the last layer's features", phi); err != nil {
		return nil, err
	}
	z, err := leastSquares(phi, mat.DenseCopyOf(y).RawMatrix(), ridge)
	if err != nil {
		return nil, err
	}
	theta := net.Params()
	w, b := net.weightIn(theta, top), net.biasIn(theta, top)
	for o := range w.Rows {
		for j := range w.Cols {
			w.Data[o*w.Stride+j] = z.At(j, o)
		}
		if b != nil {
			b[o] = z.At(w.Cols, o)
		}
	}
	return net.over(theta), nil
}

// lastDense is the last layer with parameters, and the factor of the scales
// behind it. The outputs must be linear in its parameters.
func (n *Network) lastDense() (l int, factor float64, err error) {
	factor = 1
	for l = len(n.layers) - 1; ; l-- {
		ly := n.layers[l]
		if ly.Activation != Identity || ly.Residual {
			return 0, 0, fmt.Errorf("nn: the outputs are not linear in the last parameters: layer %d, counted from 0, has an activation or a residual connection behind them", l)
		}
		switch ly.Kind {
		case Dense:
			return l, factor, nil
		case Scale:
			factor *= ly.Factor
		default:
			return 0, 0, fmt.Errorf("nn: only a dense last layer is fitted: layer %d, counted from 0, is of the kind %v: end the network in a Dense layer", l, ly.Kind)
		}
	}
}

// lastFeatures is the derivative of an output by its row of the last layer's
// parameters: factor·WScale·h, and factor·BScale where there is a bias; n × p.
func lastFeatures(net *Network, x blas64.General, top int, factor float64) blas64.General {
	ly := net.layers[top]
	p := ly.In
	if ly.Bias {
		p++
	}
	phi := linalg.New(x.Rows, p)
	pass := NewPass(net)
	size := net.BatchRows(predictRows)
	for lo := 0; lo < x.Rows; lo += size {
		hi := min(lo+size, x.Rows)
		pass.Forward(net, linalg.Rows(x, lo, hi))
		h := pass.Input(top)
		for i := range h.Rows {
			row := phi.Data[(lo+i)*p : (lo+i+1)*p]
			for j, v := range h.Data[i*h.Stride : i*h.Stride+h.Cols] {
				row[j] = factor * ly.WScale * v
			}
			if ly.Bias {
				row[p-1] = factor * ly.BScale
			}
		}
	}
	return phi
}

// leastSquares minimises ‖φz − y‖² + ridge·‖z‖², with the least norm where
// ridge = 0 leaves a choice. It overwrites φ and y.
func leastSquares(phi, y blas64.General, ridge float64) (*mat.Dense, error) {
	n, p := phi.Rows, phi.Cols
	if n > p {
		phi, y = triangle(phi, y)
	}
	var a, rhs mat.Dense
	a.SetRawMatrix(phi)
	rhs.SetRawMatrix(y)
	var svd mat.SVD
	if !svd.Factorize(&a, mat.SVDThin) {
		return nil, fmt.Errorf("nn: fitting the last layer: the singular value decomposition of its %d × %d features did not converge", n, p)
	}
	s := svd.Values(nil)
	var u, v, c, z mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	c.Mul(u.T(), &rhs)
	zero := float64(max(n, p)) * 0x1p-52 * s[0]
	for k, sk := range s {
		f := 0.0
		switch {
		case ridge > 0:
			f = sk / (sk*sk + ridge)
		case sk > zero:
			f = 1 / sk
		}
		row := c.RawRowView(k)
		for j := range row {
			row[j] *= f
		}
	}
	z.Mul(&v, &c)
	return &z, nil
}

// triangle reduces a tall problem to R z = Qᵀy by φ = QR.
func triangle(phi, y blas64.General) (r, qty blas64.General) {
	p := phi.Cols
	tau := make([]float64, p)
	work := make([]float64, 1)
	lapack64.Geqrf(phi, tau, work, -1)
	work = make([]float64, int(work[0]))
	lapack64.Geqrf(phi, tau, work, len(work))
	work = make([]float64, 1)
	lapack64.Ormqr(blas.Left, blas.Trans, phi, tau, y, work, -1)
	work = make([]float64, int(work[0]))
	lapack64.Ormqr(blas.Left, blas.Trans, phi, tau, y, work, len(work))
	r = linalg.New(p, p)
	for i := range p {
		copy(r.Data[i*p+i:(i+1)*p], phi.Data[i*phi.Stride+i:i*phi.Stride+p])
	}
	return r, linalg.Rows(y, 0, p)
}
