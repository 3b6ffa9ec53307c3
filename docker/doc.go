// Package docker holds lab, which sets up Jupyter with the Go kernel and works
// with the notebooks, and the image made by it. It has no Go code of its own:
// this file makes the folder a package for lab's tests and for those of the
// checkout as a whole. rooms_test.go is the plan of which package may import
// which; notebooktest holds the tests of the notebooks.
package docker
