package atf

import "fmt"

// Must gives v, and panics with the error where there is one. It is for notebook
// cells, where an error should stop the cell and stand under it:
//
//	solution := atf.Must(problem.Solve())
//
// It takes what a call of two results gives, (T, error). That the error is a
// variable argument serves the compiler's messages alone: a misspelt method in
// the chain is then named first, and no missing argument of Must. A call that
// gives no error, such as a chain without its last step, panics.
func Must[T any](v T, err ...error) T {
	if len(err) == 0 {
		if e, ok := any(v).(error); ok {
			panic(e)
		}
		panic(fmt.Errorf("atf: Must was given a %T and no error: end the chain with the call that returns one, such as Build, Load, Fit or Solve, or take Check for a call that gives an error alone", v))
	}
	for _, e := range err {
		if e != nil {
			panic(e)
		}
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
