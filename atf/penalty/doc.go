// Package penalty holds the spectral penalties of the adaptive problem: the
// functions ω of one singular value, eq. (6), and what they become for the
// coefficients, eq. (12), in one factor or two, eq. (11), as in LeJeune and
// Alemohammad, An Adaptive Tangent Feature Perspective of Neural Networks,
// CPAL 2024. Everything here is about scalars; matrices come in package atf.
//
//	paper                    here
//	ω(s)                     Penalty.Value, and Slope for ω'
//	ω̃(v)                     Penalty.Effective, EffectiveSlope for ω̃'
//	η(v) − 1                 Penalty.Excess
//	ω̃*(z)                    Penalty.Conjugate
//	ω_A ⊕ ω_B                InfConv(A, B)
//	(a, b) for σ             Pair.Split, as a − 1 and b − 1
//	λ(s−1)², λ|s−1|          Squared, Absolute
//	λ|s−1|^p, λ(log s)²      Power, LogSquared
//	λs²                      Nuclear, outside the assumption of the theorems
//	M = I                    Identity
//	any other ω              Custom, CustomExcess
//	c·ω                      Scale
package penalty
