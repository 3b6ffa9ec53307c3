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
//
// Mistakes follow one rule in every room. What can return an error returns it,
// wrong shapes among them; a chain of setters carries the first one to the call
// that ends it. Only what has no error to return panics, with both shapes. Every
// message says what was wrong, where, and what to do. Layers, rows, columns and
// examples count from 0, in calls as in messages.
// A family's bad number is carried by the penalty to Validate, which Solve calls.
//
// # How it is laid out
//
// A family is one file (squared.go, absolute.go, …) and a type that implements
// Penalty. What combines penalties is apart from them: a Pair (pair.go) asks a
// splitting how its two factors are found, and each way is one file, split_….go.
// The scalar searches they share are in minimise.go. Throughout, e = s − 1 stands
// for s, since it keeps the digits that s loses near 1; η(v) − 1 is called the
// excess. The multiplier m of a product of factors is s_i ω_i'(s_i), the same for
// all of them at a minimum, and an elasticity is d log s_i/d log m.
//
// To add a family, copy squared.go: the constructor that carries a bad number to
// Validate, the methods of Penalty, and cost and rise, which are ω and ω' at
// 1 + e. If ω is convex as a function of log s on s ≥ 1, write atMultiplier and
// elasticityLimit too, and pairs with any other such family are solved through
// the multiplier; without them they are searched. Then register the type in
// gob.go, let Scale know it, and add ω and ω' to formulas in reference_test.go
// and shapes in enclosure_test.go, which compares it, alone and in pairs, with
// searches that share no code with it.
//
// To add a splitting, copy split_equalabsolutes.go: split, effective and
// effectiveSlope in closed form, value, and the reasons for convex and conjugate
// beside them; embed byMultiplier for what is not special. Name it in choose
// (splitting.go), and add a pair that uses it to TestWaysAgree, which compares it
// with the general way.
package penalty
