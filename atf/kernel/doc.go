// Package kernel holds Gram matrices, what is measured on them and what is
// solved with them. It knows nothing of networks: any Gram matrix will do.
//
// Symbols of LeJeune & Alemohammad, An Adaptive Tangent Feature Perspective of
// Neural Networks (CPAL 2024), and the names here:
//
//	K, K_0, K̄, K_M over n inputs    Gram (nC × nC, row i·C + c)
//	K(x, X)                         a cross Gram matrix, any mat.Matrix of mC × nC (Infinite.CrossNTK)
//	⟨K, K'⟩/(‖K‖‖K'‖), figure 1     Similarity
//	‖K − K_0‖/‖K_0‖                 RelativeDistance
//	K_ŷ = (f−f_0)(f−f_0)ᵀ, g gᵀ     Label
//	K̄ ≈ a K_0 + b K_ŷ               Decompose, Combine
//	K̄(x_i, x_i)                     Gram.Diagonal
//	β̂ with M = I, ‖β̂‖²              Ridgeless, Regression.SquaredNorm
//	f_0 + ∇f_0(x)ᵀβ̂                 f_0 plus Regression.Predict
//
// Beside them stand the measures and references common in the literature: CKA,
// TargetAlignment, Spectrum, EntropyRank, Ridge, PseudoInverse, Flow and InfiniteReLU. LoadGram
// reads a kernel that was computed in Python.
//
// A kernel over one set of inputs has a name (NTK, NNGP) and comes as a Gram; with
// Cross before that name it is the rectangular matrix between new inputs, its
// rows, and others, its columns.
//
// Targets are n × C, one row an example. Every function checks its numbers: a
// NaN or an infinity is an error that names the entry. Reductions add in a fixed
// order, so results have the same bits for any GOMAXPROCS in pure Go.
//
// Mistakes follow one rule in every room. What can return an error returns it,
// wrong shapes among them; a chain of setters carries the first one to the call
// that ends it. Only what has no error to return panics, with both shapes. Every
// message says what was wrong, where, and what to do. Layers, rows, columns and
// examples count from 0, in calls as in messages.
package kernel
