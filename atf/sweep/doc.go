// Package sweep runs many independent experiments (sizes × seeds × models) over
// all cores, and keeps each result on disk as soon as it is there.
//
//	results, err := sweep.Of("figure 4", settings, run).In("results").Run()
//
// Settings are a slice of one type, a struct of plain fields; run makes a result
// of one of them. Each result is one file of JSON, named by the fingerprint of
// its settings, that appears whole or not at all (what a kill leaves unfinished
// has a name that begins with a dot, and is not read). So a sweep that was
// interrupted or killed goes on where it stopped, one with more settings does
// only what is new, and several folders of results count as one (Also): copy
// them together or name them all.
//
// Settings have indices, in the order of the slice. Index runs one of them, so
// that the schedulers there are can spread a sweep: a command with -index is all
// that a Kubernetes indexed job or a Slurm array needs.
package sweep
