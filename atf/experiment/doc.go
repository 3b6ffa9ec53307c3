// Package experiment holds what the notebooks need to set up the paper's
// experiments and to read them: what is trained on what, which kernels are taken
// where, and by which power of its size a quantity falls.
//
//	paper (CPAL 2024)                              here
//	Figure 1: digits 2 and 3, teacher, student     Figure1(images)
//	smooth targets y of the teacher                Students.Teach
//	the student trained on y or on sign(y)         Students.Train, Students.Both
//	K₀, K̄, final K and K_ŷ, in the order of y      Run.Kernels
//	the same, layer by layer                       Run.LayerKernels
//	what Theorems 1 and 2 say of a run's kernel    Run.Probe, Probe.Theory
//	singular values of each layer's deviation      Students.Deviations
//	what Δ says of AΔBᵀ under gradient flow        Balanced, Imbalance
//	alignment by layer during training             Students.Moments
//	(1/n) Σ ∂f/∂h_ℓ ∂f/∂h_ℓᵀ against W_ℓᵀW_ℓ       Run.Ansatz
//	errors of fixed and adapted features, network  Compete, FewAndMany
//	Figure 4: sample complexity, its three models  Figure4Digits, Complexity.Train
//	the same for many n and seeds, kept on disk    Complexity.Sweep
//	targets linear in h(x), and their signs (§3.2) NewLastLayerTargets
//	appendix A.1: sparse truths found, and theory  Recover, RecoveryThreshold
//	section 3.2: is training within Model A?       ModelA, StretchOf
//	kernels of finite width against infinite       AgainstLimits
//	trained networks against the lazy limit        LazyTask.Follow, Crossover
//	exponents over widths and numbers of nodes     FitPowerLaw
//
// A cell of a notebook is a new process, so what takes long is worth keeping:
// Students.Keep does that as atf.Keep does.
//
// Mistakes follow one rule in every room. What can return an error returns it,
// wrong shapes among them; a chain of setters carries the first one to the call
// that ends it. Only what has no error to return panics, with both shapes. Every
// message says what was wrong, where, and what to do. Layers, rows, columns and
// examples count from 0, in calls as in messages.
//
// A setter returns a changed copy: on a line of its own, with its result thrown
// away, it does nothing, and neither Go nor the kernel says so.
package experiment
