// Package notebooktest keeps the notebooks of the checkout in order. It has no
// code of its own, and stands here so that students see only notebooks in
// their folder.
//
// What the tests hold for every notebook as it is committed: it is a notebook
// of format 4 for the kernel gonb, its outputs are there and hold neither an
// error nor a path of the machine that made them, and it is small enough to
// read on the web. With ATF_KERNEL=1 (set by docker/lab test) each notebook is
// also executed in the real kernel with its quick settings. What lies in
// notebooks/mine is its user's, and no test looks at it.
package notebooktest
