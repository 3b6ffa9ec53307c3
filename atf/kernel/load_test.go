package kernel

import (
	"path/filepath"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/internal/npy"
)

func TestLoadGram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.npy")
	g := features(1, 6, 2, 5)
	if err := npy.WriteFile(path, must(npy.Of(g))); err != nil {
		t.Fatal(err)
	}
	back := must(LoadGram(path, 2))
	nearMatrix(t, "Gram", back, g, 0)
	if back.Fingerprint() != g.Fingerprint() {
		t.Error("the fingerprint changed")
	}
	_, err := LoadGram(path, 5)
	wantError(t, "outputs", err, path, "5 outputs")
	for what, a := range map[string]*npy.Array{
		"square":       {Shape: []int{2, 3}, Data: []float64{1, 2, 3, 4, 5, 6}},
		"3 dimensions": {Shape: []int{1, 1, 1}, Data: []float64{1}},
	} {
		if err := npy.WriteFile(path, a); err != nil {
			t.Fatal(err)
		}
		_, err := LoadGram(path, 1)
		wantError(t, "no Gram matrix", err, path, what)
	}
	_, err = LoadGram(filepath.Join(path, "none.npy"), 1)
	wantError(t, "missing", err, "none.npy")
}
