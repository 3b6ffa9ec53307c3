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

// Check panics with err where there is one: Must for calls that give nothing
// but an error.
//
//	atf.Check(os.MkdirAll("figures", 0o755))
func Check(err error) {
	if err != nil {
		panic(err)
	}
}
