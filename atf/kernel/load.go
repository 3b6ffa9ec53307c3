package kernel

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/internal/npy"
)

// LoadGram reads a Gram matrix of the given outputs from a NumPy .npy file, such
// as data.SaveNPY writes of a Gram. Beside the errors of data.LoadNPY it returns
// those of FromMatrix.
func LoadGram(path string, outputs int) (*Gram, error) {
	a, err := npy.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("kernel: reading %s: %w", path, err)
	}
	m, err := a.Matrix()
	if err != nil {
		return nil, fmt.Errorf("kernel: reading %s: %w", path, err)
	}
	g, err := FromMatrix(m, outputs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return g, nil
}
