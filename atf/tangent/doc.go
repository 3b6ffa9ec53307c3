// Package tangent computes tangent features of networks, at a parameter vector
// or averaged along a segment, and their Gram matrices.
//
// The features ∇f_θ(x) ∈ R^{P×C} never stand in memory as such. For a dense
// layer a = W h + b and one output, the gradient is δ hᵀ with δ the
// back-propagated signal, so a layer is kept as the two factors h (one row an
// example) and δ (one row an example and output), and its Gram block is
// (δ_i·δ_j)(h_i·h_j + 1). A convolution's gradient is the sum of such products over
// positions, kept as signals and images, or written out, out × in·k·k, whichever
// takes less memory. Features averaged over T nodes of a segment keep the factors of
// every node, reduced where one of the two does not move. Settings say within which
// memory, context and blocks of rows features and kernels are computed.
//
//	paper                         here
//	∇f_θ(x), section 2.1          At(net, X): Features
//	∇̄f(x), eq. (2)                Along(segment, X).Average(): Average
//	K_θ(x, x'), K̄(x, x')          NTK(net, X), Features.Kernel, CrossKernel
//	∇f(x)ᵀ v                      Features.JVP
//	Σ_i ∇f(x_i) u_i               Features.VJP
//	f_θ0(x) + ∇f_θ0(x)ᵀ(θ−θ0)     Linear(net).Predict, nn.Train(Linear(net))
//	the same, with each layer's
//	θ−θ0 = A Δ Bᵀ                 Factorised(net), nn.Train of it
//	residual of eq. (2)           Average.Residual
//	K₀, K̄, K_θ, K_ŷ of Figure 1   Along(segment, X).Kernels()
//
// Over n inputs and C outputs a Gram matrix is nC × nC, example-major: row
// i·C + c belongs to input i and output c.
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
// In pure Go all results are the same bits for any block size and any
// GOMAXPROCS. With OpenBLAS (build tag openblas) the last bits may change with
// either.
package tangent
