package tangent

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Progress receives reports of long work.
type Progress = progress.Func

// Report is one report of long work.
type Report = progress.Report

// Settings say how features and kernels are computed, never what they are. The
// zero value takes the defaults. Features made with settings keep them for all
// their kernels.
type Settings struct {
	// Memory is the budget in bytes for what one call may take. Default, 0: the
	// one of the process ($ATF_MEMORY, or half of the free memory).
	Memory int64
	// Context interrupts the passes through the network and the kernels, which
	// then return its error. Default, nil: none.
	Context context.Context
	// Progress is told of every 512 inputs whose features are there, of every layer
	// finished in a kernel and, where one takes more than two seconds, of the share
	// that is done. Default, nil: nobody.
	Progress Progress
	// Block is the number of inputs in a block of rows of a kernel. Default, 0:
	// about 256 rows. Smaller blocks take less memory.
	Block int
}

// At is the function At with these settings. Its errors are those of At and that
// of the context.
func (s Settings) At(net *nn.Network, x mat.Matrix) (*Features, error) {
	g, err := inputs(net, x)
	if err != nil {
		return nil, err
	}
	f := shell(net, g, []float64{1}, s)
	what := fmt.Sprintf("tangent: the features of %d inputs", f.n)
	if err := budget.Check(what, f.factorBytes(), s.Memory, "take fewer inputs"); err != nil {
		return nil, err
	}
	f.allocate(g)
	if err := f.fill(0, net, g, nil); err != nil {
		return nil, fmt.Errorf("tangent: the features of %d inputs interrupted: %w", f.n, err)
	}
	f.finish()
	return f, nil
}

// NTK is the function NTK with these settings. Its errors are those of NTK and
// that of the context.
func (s Settings) NTK(net *nn.Network, x mat.Matrix) (*kernel.Gram, error) {
	n, _ := x.Dims()
	if err := s.checkKernels(1, n, net.Outputs()); err != nil {
		return nil, err
	}
	f, err := s.At(net, x)
	if err != nil {
		return nil, err
	}
	return f.Kernel()
}
