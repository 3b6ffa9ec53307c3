// Package solver minimises Ω̃(β) + L(Gβ), the effective problem of eq. (5) of the
// paper with a loss L, or the exact fit Gβ = ŷ. A System says what G, Ω̃ and L
// are: blocks of features, parts of the transformation M, a loss. Solve gives a
// Result with a Status; it knows no network and no user's problem.
//
// # The majoriser, on the shorter side alone
//
// Let Θ be an out × in matrix, Ω̃(Θ) = Σ_j ω̃(σ_j(Θ)), s_j = η(σ_j) and, without
// loss of generality, out ≤ in. φ(x) = ω̃(√x) is concave (Proposition 3), hence
// X ↦ tr φ(X) is concave on symmetric X ≥ 0 (E. Carlen, Trace inequalities and
// quantum entropy, Contemp. Math. 529, 2010, theorem 2.10), and lies below its
// tangent at X_k = Θ_kΘ_kᵀ = U diag(σ²) Uᵀ:
//
//	Ω̃(Θ) = tr φ(ΘΘᵀ) ≤ Ω̃(Θ_k) + tr φ'(X_k)(ΘΘᵀ − X_k).
//
// By the envelope theorem φ'(σ²) = ω̃'(σ)/(2σ) = 1/s². So with
// W = I ⊗ U diag(s²) Uᵀ
//
//	Ω̃(Θ) ≤ vec(Θ)ᵀ W⁻¹ vec(Θ) + const, with equality at Θ_k:
//
// a quadratic majoriser (D. Hunter and K. Lange, A tutorial on MM algorithms,
// Am. Stat. 58, 2004) that acts on the shorter side only; for ω = s² it is the
// iteratively reweighted least squares of K. Mohan and M. Fazel (JMLR 13, 2012).
// The paper's own, from fixing A and B in eq. (4), is W = B² ⊗ A². In the basis
// of singular vectors that has the entries a_i² b_j² where this one has s_i² =
// a_i² b_i² in all of row i; both agree on the diagonal, i = j. Minimising
// either cannot raise Ω̃. This one needs no vectors of the longer side, and
// leaves that side's factor of the Gram matrix as it is.
//
// # The curvature of the direction
//
// A quasi-Newton method wants an initial matrix near the inverse Hessian, not a
// majoriser. With f' = ω̃', the Hessian of Ω̃ at Θ = U diag(σ) Vᵀ (A. Lewis and
// H. Sendov, Twice differentiable spectral functions, SIAM J. Matrix Anal. Appl.
// 23, 2001, and its form for singular values) has, on the pair of entries (i, j)
// and (j, i) of UᵀEV, the eigenvalues (f'_i − f'_j)/(σ_i − σ_j) and
// (f'_i + f'_j)/(σ_i + σ_j). With f' = 2σ/s² both tend to 2/s_i² where
// σ_i ≫ σ_j: the stronger direction decides. The same holds for f'_i/σ_i
// between u_i and what is off V. Twice the inverse is near s_i² there, and
//
//	W_ij = s_i² + s_j² − s_0²,  s_0 = η(0) (1 but for smoothing),
//
// has that limit for i strong and j weak, for j strong and i weak, and for both
// weak. As an operator it is
//
//	Q ↦ U diag(s²) Uᵀ Q + Q V diag(s² − s_0²) Vᵀ,
//
// where V diag(s² − s_0²) Vᵀ = Θᵀ U diag((s² − s_0²)/σ²) Uᵀ Θ, so that again no
// vector of the longer side is needed. W ≥ s_0² is positive, so the direction
// descends; where the line search refuses it, the majoriser's own does.
//
// # Steps
//
// With the exact fit, W gives the direction ½(W − W Gᵀ(G W Gᵀ)⁻¹ G W)∇Ω̃, which
// moves no fitted value; with a loss of Hessian R Rᵀ the inverse of
// 2W⁻¹ + GᵀR RᵀG, by Woodbury's identity
//
//	½(W − W GᵀR (2I + RᵀG W GᵀR)⁻¹ RᵀG W).
package solver
