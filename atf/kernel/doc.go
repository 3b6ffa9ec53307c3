// Package kernel holds Gram matrices and what is measured on them or solved
// with them.
package kernel
