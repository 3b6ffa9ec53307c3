// Package atf solves the adaptive tangent feature problem of LeJeune and
// Alemohammad, An Adaptive Tangent Feature Perspective of Neural Networks
// (CPAL 2024): regression with the tangent features of a network at its
// initialisation, where the features themselves may be transformed at a price.
//
//	min over M, θ of ‖θ‖² + Ω(M)  subject to  ŷ_i = ∇f_0(x_i)ᵀ M θ     eq. (4)
//
// Say what the features and targets are, choose the structure of M, and solve:
//
//	problem := atf.Tangent(net, x).Targets(y)
//	fixed := atf.Must(problem.Solve())                                   // M = I
//	adaptive := atf.Must(problem.Layerwise(penalty.Squared(0.1)).Solve()) // Theorem 2
//	adaptive.Kernel()                                                    // eq. (7)
//
// With β = Mθ the problem becomes min Ω̃(β) subject to ŷ_i = ∇f_0(x_i)ᵀβ,
// eq. (5), and Ω̃ is a penalty on the singular values or norms of β. M is never
// formed: it is kept as the identity plus low rank.
//
//	paper                               here
//	∇f_0, ŷ = y − f_0                   Tangent(net, X).Targets(Y)
//	M = I, ridgeless regression         Problem.Fixed, the default
//	Ω_ω on all of M, Theorem 1          Problem.Unstructured
//	diagonal, blocks (appendix A.1)     Problem.Diagonal, Problem.Blocks
//	A_ℓ Θ_ℓ B_ℓᵀ, Theorem 2 (Model A)   Problem.Layerwise, TwoSided, OneSided
//	β̂, θ̂                                Solution.Beta, Solution.Theta
//	A_ℓ, B_ℓ of Theorem 2               Solution.Layer(l).A, .B
//	Θ'_ℓ = A_ℓ Θ_ℓ B_ℓᵀ, its σ_j         Solution.LayerBeta(l), SingularValues(l)
//	Ω(M), Ω̃(β), part by part            Part.Omega, Part.Effective
//	K_M, eq. (7)                        Solution.Kernel, KernelAt, CrossKernel
//	the solutions over a path in λ      Problem.Path; in any order Problem.Neighbours
//	λ or a ridge by held-out examples   Problem.HoldOut, Problem.Validate
//	its layers, eq. (19)                Solution.LayerKernel, LayerCrossKernel
//	f_0 + ∇f_0ᵀβ̂                        Solution.Predict
//	∇f_0ᵀβ̂, and layer by layer          Solution.FittedChange, LayerFittedChange
//	who fits, whose features grow       Solution.LayerShares
//	Z_ℓ = U diag(ω̃′(σ)) Vᵀ              Solution.Pulls
//	Ω̃(β̂)                                Certificates.Final
//
// Every cell of a notebook is a new program. Keep keeps a value between cells and
// sessions; Kept lists what is kept, Forget removes it.
//
// Mistakes follow one rule in every room. What can return an error returns it,
// wrong shapes among them; a chain of setters carries the first one to the call
// that ends it. Only what has no error to return panics, with both shapes. Every
// message says what was wrong, where, and what to do. Layers, rows, columns and
// examples count from 0, in calls as in messages.
//
// A setter returns a changed copy: on a line of its own, with its result thrown
// away, it does nothing, and neither Go nor the kernel says so.
//
// In a notebook cell Must and Check stop the cell with the error. Of a Solution,
// Kernel, LayerKernel and Layer have no error: they panic where the others return
// one.
//
// M is only determined up to M ↦ MQ with Q orthogonal; here it is symmetric
// positive semidefinite, and so are A and B.
//
// The same call gives the same numbers for any GOMAXPROCS in pure Go. With
// OpenBLAS the last bits depend on its number of threads.
package atf
