// Package nn builds and trains the networks whose tangent features the
// paper studies: layers, seeded initialisation, forward and backward passes in
// batches, losses, training, and the segment between two parameter vectors.
//
// A network is made by a chain that ends in Build, and never changes:
//
//	net, err := nn.MLP(784, 256, 256, 1).ReLU().Seed(1).Build()
//	net, err := nn.Images(32, 32, 3).Conv(16, 3).ReLU().AvgPool(2).Flatten().Dense(10).Seed(1).Build()
//
// Symbols of the paper (LeJeune and Alemohammad, CPAL 2024) and names here:
//
//	f_θ                      Network, Network.Predict
//	θ, P                     Network.Params, Network.NumParams
//	C                        Network.Outputs
//	W_ℓ, b_ℓ                 Network.Weight, Network.Bias (ℓ from 0); of a
//	                         convolution W is unfolded, filters × size·size·channels
//	h_ℓ, the input of W_ℓ    Pass.Input
//	δ_ℓ, the signal at a_ℓ   Pass.Signal
//	θ(t) = (1−t)θ₀ + tθ      Segment.At
//	W_ℓ(θ) − W_ℓ(θ₀)         Segment.Displacement, LayerMatrix, Segment.SingularValues
//	(1/n) Σ ∂f/∂h_ℓ ∂f/∂h_ℓᵀ Network.GradientOuterProduct
//
// A layer is of a Kind: Dense, Conv, AvgPool, MaxPool, or Scale, a multiplication
// by a fixed number; images are rows of numbers, laid out as Window says. Around
// every kind stand an activation and, where asked for, a residual connection. Layers
// counts all of them, ParamLayers those with parameters, which are the layers of
// Theorem 2.
//
// Matrices hold one example in a row: inputs are n × d, outputs and targets
// n × C. All numbers are float64. The same seed gives the same numbers for any
// GOMAXPROCS.
//
// Mistakes follow one rule in every room. What can return an error returns it,
// wrong shapes among them; a chain of setters carries the first one to the call
// that ends it. Only what has no error to return panics, with both shapes. Every
// message says what was wrong, where, and what to do. Layers, rows, columns and
// examples count from 0, in calls as in messages.
//
// A setter returns a changed copy: on a line of its own, with its result thrown
// away, it does nothing, and neither Go nor the kernel says so.
package nn
