package feature

// A Weight is a symmetric positive semidefinite matrix W on the coefficients of
// one block, such as M Mᵀ for a transformation M of the features. The kinds are
// Scalar, Coordinates, Sides and Corrected.
type Weight interface {
	// Mul overwrites the out × in coefficients q by W q.
	Mul(q []float64, out, in int, s *Scratch)
	// trivial says that W is a multiple of the identity, and which.
	trivial() (factor float64, ok bool)
}

// A kronecker is a Weight that is a sum of Kronecker products.
type kronecker interface {
	Weight
	terms() []term
}

// A term is the Kronecker product scale·(right ⊗ left): Θ ↦ scale·left·Θ·right.
type term struct {
	scale       float64
	left, right Side
}
