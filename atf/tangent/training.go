package tangent

import (
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// SegmentKernels are the kernels that Figure 1 of the paper sets beside each
// other, at n inputs, for a network trained from θ₀ to θ.
type SegmentKernels struct {
	Start  *kernel.Gram // K₀, of the tangent features at θ₀
	Mean   *kernel.Gram // K̄, of the average features of eq. (2)
	Final  *kernel.Gram // K_θ, of the features at θ
	Labels *kernel.Gram // K_ŷ = (f_θ − f_θ₀)(f_θ − f_θ₀)ᵀ
	// Residual is that of eq. (2), of the quadrature behind Mean.
	Residual float64
}

// Kernels computes the kernels of Figure 1 on this segment. Errors are those of
// Average, At and Kernel; four kernels beyond the memory budget are refused before
// anything is computed.
func (p *Path) Kernels() (*SegmentKernels, error) {
	n, _ := p.x.Dims()
	if err := p.set.checkKernels(4, n, p.seg.From.Outputs()); err != nil {
		return nil, err
	}
	average, err := p.Average()
	if err != nil {
		return nil, err
	}
	k := &SegmentKernels{Residual: average.Residual}
	if k.Mean, err = average.Kernel(); err != nil {
		return nil, err
	}
	if k.Start, err = p.kernelAt(0); err != nil {
		return nil, err
	}
	if k.Final, err = p.kernelAt(1); err != nil {
		return nil, err
	}
	k.Labels, err = kernel.Label(p.seg.OutputChange(p.x))
	return k, err
}

// kernelAt is the kernel of the features at t.
func (p *Path) kernelAt(t float64) (*kernel.Gram, error) {
	return p.set.NTK(p.seg.At(t), p.x)
}

// LayerKernels are the parts of Kernel that the layers contribute, from the
// first layer to the last. Errors are those of Kernel; that all of them do not fit
// the memory budget comes before any is computed.
func (f *Features) LayerKernels() ([]*kernel.Gram, error) {
	if err := f.set.checkKernels(f.NumLayers(), f.n, f.c); err != nil {
		return nil, err
	}
	parts := make([]*kernel.Gram, f.NumLayers())
	for l := range parts {
		var err error
		if parts[l], err = f.LayerKernel(l); err != nil {
			return nil, err
		}
	}
	return parts, nil
}
