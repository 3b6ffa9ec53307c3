package kernel

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Decomposition is a least-squares fit K ≈ Σ_k a_k K_k of one kernel by
// others. It is read only, and round-trips through encoding/gob.
type Decomposition struct {
	// Coefficients are the a_k, in the order of the parts.
	Coefficients []float64
	// R2 = 1 − ‖K − Σ a_k K_k‖² / ‖K‖² in the Frobenius norm, about zero: the
	// fit has no constant term. It lies between 0 and 1.
	R2 float64
	// CenteredR2 = 1 − ‖K − Σ a_k K_k‖² / ‖K − k̄‖², where k̄ is the mean of the
	// entries of K: what the parts explain beyond a constant kernel. It can be
	// negative, and is NaN when K is constant.
	CenteredR2 float64
	// Contributions are the shares a_k⟨K_k, K⟩/‖K‖², which add up to R2. One
	// is negative when the part serves to cancel another.
	Contributions []float64
	// Unique are the amounts by which R2 would fall without each part.
	Unique []float64
	// Residual is K − Σ a_k K_k.
	Residual *Gram
}

// Fingerprint names the decomposition by its numbers.
func (d *Decomposition) Fingerprint() string {
	return fingerprint.New("kernel.Decomposition/1").Float(d.Coefficients...).
		Float(d.R2, d.CenteredR2).Float(d.Contributions...).Float(d.Unique...).String(d.Residual.Fingerprint()).Sum()
}

// dependent is the relative squared distance of a part from the span of those
// before it at which the parts count as linearly dependent.
const dependent = 1e-12

// Decompose fits k by the parts in the Frobenius norm, as in the fit of the
// average kernel by the initial kernel and the label kernel, K̄ ≈ a K₀ + b K_ŷ,
// which Theorem 1 and figure 1 of LeJeune & Alemohammad (CPAL 2024) suggest.
// The coefficients are free in sign.
//
// It solves the normal equations of the parts scaled to norm one and corrects
// the solution by the residual of the fit itself. Cost: (p² + 3p)/2 passes over
// the entries for p parts, and memory for one more Gram matrix.
//
// No part, a NaN or infinite entry, a zero kernel or part, parts that depend
// linearly on those before them, and examples or outputs that differ are errors.
func Decompose(k *Gram, parts ...*Gram) (*Decomposition, error) {
	p := len(parts)
	if p == 0 {
		return nil, errors.New("kernel: Decompose without a part: give the kernels to fit by")
	}
	for i, g := range parts {
		if g.n != k.n || g.outputs != k.outputs {
			return nil, fmt.Errorf("kernel: part %d, counted from 0, has %d examples and %d outputs, the kernel %d and %d", i, g.n, g.outputs, k.n, k.outputs)
		}
	}
	if err := budget.Check(fmt.Sprintf("kernel: the residual of the decomposition, %d × %d,", k.SymmetricDim(), k.SymmetricDim()), 8*int64(len(k.data)), 0, "take fewer examples"); err != nil {
		return nil, err
	}
	raw := k.RawMatrix()
	ks, err := scaleOf("the kernel", raw)
	if err != nil {
		return nil, err
	}
	kk := inner(raw, raw, ks, ks)
	scale, norm := make([]float64, p), make([]float64, p)
	for i, g := range parts {
		if scale[i], err = scaleOf(fmt.Sprintf("part %d, counted from 0,", i), g.RawMatrix()); err != nil {
			return nil, err
		}
		norm[i] = math.Sqrt(inner(g.RawMatrix(), g.RawMatrix(), scale[i], scale[i]))
	}
	gram := mat.NewSymDense(p, nil)
	for i := range parts {
		gram.SetSym(i, i, 1)
		for j := 0; j < i; j++ {
			v := inner(parts[i].RawMatrix(), parts[j].RawMatrix(), scale[i], scale[j])
			gram.SetSym(i, j, v/(norm[i]*norm[j]))
		}
	}
	if i := firstDependent(gram); i >= 0 {
		return nil, fmt.Errorf("kernel: part %d, counted from 0, is a linear combination of the parts before it (to %.0e of its squared norm): leave it out", i, dependent)
	}
	var chol mat.Cholesky
	if !chol.Factorize(gram) {
		return nil, fmt.Errorf("kernel: the %d parts are linearly dependent: leave one out", p)
	}

	// unit holds the coefficients of the parts at norm one, for K over its
	// norm; the second round takes the residual of the first for K.
	normK := math.Sqrt(kk)
	unit, rhs := mat.NewVecDense(p, nil), mat.NewVecDense(p, nil)
	align := make([]float64, p)
	residual := NewGram(k.n, k.outputs, append([]float64(nil), k.data...))
	coef := make([]float64, p)
	for round := 0; round < 2; round++ {
		for i, g := range parts {
			v := inner(g.RawMatrix(), residual.RawMatrix(), scale[i], ks) / (norm[i] * normK)
			rhs.SetVec(i, v)
			if round == 0 {
				align[i] = v
			}
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, rhs); err != nil {
			return nil, fmt.Errorf("kernel: the parts are close to linearly dependent: %w", err)
		}
		unit.AddVec(unit, &step)
		for i := range coef {
			coef[i] = unit.AtVec(i) * (normK / norm[i]) * (ks / scale[i])
		}
		par.For(len(k.data), 1<<15, func(lo, hi int) {
			dst := residual.data[lo:hi]
			copy(dst, k.data[lo:hi])
			for i, g := range parts {
				c := coef[i]
				for j, v := range g.data[lo:hi] {
					dst[j] -= c * v
				}
			}
		})
	}
	for i, c := range coef {
		if math.IsInf(c, 0) || math.IsNaN(c) {
			return nil, fmt.Errorf("kernel: the coefficient of part %d, counted from 0, is beyond float64: scale the kernels to like size", i)
		}
	}

	var inv mat.SymDense
	if err := chol.InverseTo(&inv); err != nil {
		return nil, fmt.Errorf("kernel: the parts are close to linearly dependent: %w", err)
	}
	d := &Decomposition{Coefficients: coef, Residual: residual, Contributions: make([]float64, p), Unique: make([]float64, p)}
	rr := inner(residual.RawMatrix(), residual.RawMatrix(), ks, ks)
	d.R2 = 1 - rr/kk
	for i := range coef {
		u := unit.AtVec(i)
		d.Contributions[i] = u * align[i]
		d.Unique[i] = u * u / inv.At(i, i)
	}
	m := k.SymmetricDim()
	mean := sumRows(m, m, func(i int) float64 {
		s := 0.0
		for _, v := range row(raw, i) {
			s += v / ks
		}
		return s
	}) / (float64(m) * float64(m))
	cc := sumRows(m, m, func(i int) float64 {
		s := 0.0
		for _, v := range row(raw, i) {
			s += (v/ks - mean) * (v/ks - mean)
		}
		return s
	})
	d.CenteredR2 = math.NaN()
	if cc > 1e-24*kk {
		d.CenteredR2 = 1 - rr/cc
	}
	return d, nil
}

// firstDependent is the first row of a correlation matrix whose squared
// distance from the span of the rows before it is below the tolerance, or −1.
func firstDependent(s *mat.SymDense) int {
	n := s.SymmetricDim()
	l := make([]float64, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j <= i; j++ {
			v := s.At(i, j)
			for k := 0; k < j; k++ {
				v -= l[i*n+k] * l[j*n+k]
			}
			if i == j {
				if v < dependent {
					return i
				}
				l[i*n+i] = math.Sqrt(v)
			} else {
				l[i*n+j] = v / l[j*n+j]
			}
		}
	}
	return -1
}
