package reproduction

import (
	"fmt"
	"slices"
	"strings"
)

// Item is a numbered part of the paper.
type Item struct {
	Name string // as claims name it: "eq. (2)", "Theorem 1"
	Says string // what it says, in a few words
	// Definition is true where the paper only gives a name or states a problem,
	// so that there is nothing to measure.
	Definition bool
}

var items = []Item{
	{"eq. (1)", "the learning problem: the loss of f_θ over θ", true},
	{"eq. (2)", "a trained network is linear in its average tangent features", false},
	{"eq. (3)", "interpolation with the least deviation from θ₀", false},
	{"eq. (4)", "the relaxed problem: features transformed by M, at the price Ω(M)", false},
	{"eq. (5)", "the effective problem in β = Mθ alone, at the price Ω̃(β)", false},
	{"eq. (6)", "spectral penalties Ω(M) = Σ ω(σⱼ), least at σ = 1", true},
	{"eq. (7)", "the adapted kernel ∇f₀ᵀ MMᵀ ∇f₀", false},
	{"Theorem 1", "any M: the predictions of ridgeless regression, and a kernel with the label kernel added", false},
	{"eq. (11)", "two penalties combined: (ω_A ⊕ ω_B)(v) = min over a of ω_A(a) + ω_B(v/a)", false},
	{"eq. (12)", "the effective penalty ω̃(v) = min over s of v²/s² + ω(s)", false},
	{"Proposition 3", "ω̃(√v) is increasing and concave, and ω̃(v)/v² → 1 at 0", false},
	{"figure of penalties", "ω̃ for |s−1|², for |s−1| and for their combination", false},
	{"Model A", "the assumption: training acts on each layer's features as A on one side and B on the other", false},
	{"Theorem 2", "layers: a penalty on the singular values of each layer's deviation, A and B identity plus low rank", false},
	{"eq. (19)", "the adapted kernel of the last layer", false},
	{"appendix A.1", "diagonal M: a separable penalty, which brings sparsity", false},
	{"figure 1", "the average kernel turns to the labels: similarity 0.17 for y, 0.40 for sign(y)", false},
	{"figure 3", "support vectors: features grow most where y is near 0", false},
	{"figure 4", "test error over the number of images: fixed and adaptive features, the network", false},
	{"discussion", "what the paper says of spectra and of final against average features", false},
}

// Items lists the parts of the paper in its order. The names are the whole
// vocabulary of charts.ClaimsTable.Of: sections and remarks without a number are
// not among them.
func Items() []Item { return slices.Clone(items) }

// Find gives the item of a name; an error that lists all names where the paper
// has none of it.
func Find(name string) (Item, error) {
	var names []string
	for _, item := range items {
		if item.Name == name {
			return item, nil
		}
		names = append(names, fmt.Sprintf("%q", item.Name))
	}
	return Item{}, fmt.Errorf("reproduction: the paper's list has no item %q; the names are %s", name, strings.Join(names, ", "))
}
