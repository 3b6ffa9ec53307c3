package answer

import "strings"

const ours = "github.com/tangentfeatures/gonb-atf/"

// allowed are the packages that an answer may use, by name. Whether a cell imports
// one or leaves that to the kernel makes no difference. The list alone decides
// what a name means, so no foreign program reads a student's text.
var allowed = map[string]string{
	"bytes": "bytes", "cmp": "cmp", "cmplx": "math/cmplx", "errors": "errors", "fmt": "fmt",
	"iter": "iter", "maps": "maps", "math": "math", "bits": "math/bits", "rand": "math/rand/v2",
	"slices": "slices", "sort": "sort", "strconv": "strconv", "strings": "strings", "sync": "sync",
	"unicode": "unicode",

	"blas": "gonum.org/v1/gonum/blas", "blas64": "gonum.org/v1/gonum/blas/blas64",
	"distuv": "gonum.org/v1/gonum/stat/distuv", "fd": "gonum.org/v1/gonum/diff/fd",
	"floats": "gonum.org/v1/gonum/floats", "integrate": "gonum.org/v1/gonum/integrate",
	"lapack": "gonum.org/v1/gonum/lapack", "mat": "gonum.org/v1/gonum/mat",
	"optimize": "gonum.org/v1/gonum/optimize", "quad": "gonum.org/v1/gonum/integrate/quad",
	"stat": "gonum.org/v1/gonum/stat",

	"atf": ours + "atf", "data": ours + "atf/data", "kernel": ours + "atf/kernel",
	"nn": ours + "atf/nn", "penalty": ours + "atf/penalty", "tangent": ours + "atf/tangent",
}

// alsoAllowed has a name that another package has by default.
var alsoAllowed = []string{"math/rand"}

// elsewhere are packages that programs use often and an answer may not: their names
// tell a forbidden package from a misspelt one.
var elsewhere = strings.Fields("C atomic binary bufio build context debug embed exec filepath flag fs gob http io " +
	"ioutil json log net os path plugin pprof reflect regexp rpc runtime signal sql syscall template testing time " +
	"trace unix unsafe url user gonbui charts")

// Packages lists the paths that answers may import.
func Packages() []string {
	var paths []string
	for _, path := range allowed {
		paths = append(paths, path)
	}
	return append(paths, alsoAllowed...)
}

func packageName(path string) string {
	for name, p := range allowed {
		if p == path {
			return name
		}
	}
	name := path[strings.LastIndex(path, "/")+1:]
	if strings.HasPrefix(name, "v") && strings.Trim(name[1:], "0123456789") == "" {
		name = packageName(strings.TrimSuffix(path, "/"+name))
	}
	return name
}
