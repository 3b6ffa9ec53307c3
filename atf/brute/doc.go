// Package brute solves the paper's problems the long way, for examples small
// enough to write everything out: every matrix in full, every minimum by search
// or by a general optimiser (gonum's BFGS). It is what the solver is compared
// with, so it imports nothing else of this module and shares no code with it:
// no effective penalty, no singular values of β, no structure of features.
//
//	paper (CPAL 2024)                                    here
//	ω̃(v), eqs. (11) and (12), by grids                   Effective
//	what Proposition 3 says of ω̃, on a grid              FormOf
//	eq. (4) over all entries of M and θ                  Joint
//	‖θ‖² + Ω(M) of one pair, and of many                 Price, RandomPairs
//	Theorem 2's first form over all entries of A_ℓ, B_ℓ  Layers
//	eq. (7), M_ℓ M_ℓᵀ = A_ℓA_ℓᵀ ⊗ B_ℓB_ℓᵀ written out    Kernel
//	the same for one dense layer, from δ and h           DenseLayer
//	eq. (19), for the last layer                         LastLayer
//	a zero by bisection                                  Root
//	σ_j(M), eq. (6)                                      SingularValues
//	how far one matrix is from another                   Gap
//
// M, A and B are determined only up to an orthogonal factor on the side of θ
// (the paper's footnote 1). What can be compared are the prices, β, and the
// squares MMᵀ, AAᵀ and BBᵀ.
package brute
