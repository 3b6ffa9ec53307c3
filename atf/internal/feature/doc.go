// Package feature holds the algebra of one layer's tangent features.
//
// The tangent feature matrix G has one row for each input and output (nC rows,
// example-major) and one column for each parameter. It falls into blocks of
// columns, one for each matrix or vector of parameters, and a block never needs
// to stand in memory as such: the gradient of a dense layer's output by its
// weights is δ hᵀ. A Block says how to multiply by such columns, and how to
// form G W Gᵀ for a positive semidefinite W between them, a Weight.
//
//	Columns      explicit columns
//	Dense        the weights of a dense layer, as the factors δ and h, at one
//	             parameter vector or averaged over the nodes of a segment
//	Conv         the unfolded weights of a convolution, as its signals and the
//	             images it reads, summed over positions
//	Bias         a bias vector, whose columns are δ itself
//
//	Scalar       W = c·I
//	Coordinates  W diagonal
//	Sides        W = R ⊗ L: Θ ↦ L Θ R
//	Corrected    W = I ⊗ L + R ⊗ I, with R of low rank, or the sides exchanged
//
// Blocks serve one parameter matrix or vector at a time, as the transformations
// M of the paper do. A Layer holds the blocks of one layer of a network and
// forms G Gᵀ for all of them at once, in blocks of rows that may be interrupted:
// what the tangent kernel needs.
//
// A new kind of layer adds one file with its Block and its Layer, a new kind of
// transformation one file with a Weight.
package feature
