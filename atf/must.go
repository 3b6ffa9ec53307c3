package atf

// Must gives v, and panics with err where there is one. It is for notebook
// cells, where an error should stop the cell and stand under it:
//
//	solution := atf.Must(problem.Solve())
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
