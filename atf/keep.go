package atf

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/kept"
)

// Keep gives what make gives, and computes it once: a cell of a notebook is a
// new program, which computes every variable of the cells before again, but what
// is kept is read from a file, also in the next session.
//
//	var adaptive = atf.Keep("adaptive", problem.Solve, problem)
//	var history = atf.Keep("history", func() (*nn.History, error) {
//		return nn.Train(net).Epochs(100).Fit(digits.X, digits.Y)
//	}, net, digits)
//
// The value is found again only while the name, its type and the values from
// which it is made are the same: name all of them that come from outside the
// notebook's own code, such as data, and the arguments of a function that calls
// Keep. Problems, networks, data sets and whatever else has a Fingerprint method
// count by that, matrices by their entries, and numbers, texts, slices, maps and
// structs by what they hold. In a notebook the code counts as well, without
// being named: that of the call and of every declaration that it uses. The
// package's own code does not: Forget what an older version made.
//
// In the notebook a line says "adaptive: made anew" whenever make was called,
// and "adaptive: kept" where the session meets the value for the first time.
// docker/lab run leaves such lines out. A damaged file counts as none, and the
// line says so. A value is written as a whole or not at all, whatever ends the
// program; two that make the same value at a time both finish.
//
// T is any type that encoding/gob writes, without functions, channels and
// fields that begin with a small letter, unless it has methods of its own for
// that: every result of this module has. Values are kept in the folder $ATF_KEEP,
// else gonb-atf/kept in the user's cache (os.UserCacheDir); Kept lists them.
//
// Reading a large value takes time in every cell: some 0.1 s for 10 MB. What few
// cells need may be a function that returns atf.Keep(…); it is read where it is
// called.
//
// Keep panics where TryKeep has an error, as Must does; only where a value was
// made and cannot be written, it gives the value and says so on stderr.
func Keep[T any](name string, make func() (T, error), from ...any) T {
	v, err := kept.ValueOrSay(name, kept.Source(1, "Keep"), make, from...)
	if err != nil {
		panic(fmt.Errorf("atf: Keep: %w", err))
	}
	return v
}

// TryKeep is Keep for programs that handle errors. Errors: those of make, of
// which nothing is kept; a name that is empty or of more than 80 bytes; a type
// that encoding/gob would not write whole; a value in from that has nothing to
// compare (a function, a channel, one that contains itself); and, with the value
// beside it, that it could not be written.
func TryKeep[T any](name string, make func() (T, error), from ...any) (T, error) {
	v, err := kept.Value(name, kept.Source(1, "TryKeep"), make, from...)
	if err != nil {
		err = fmt.Errorf("atf: TryKeep: %w", err)
	}
	return v, err
}

// Forget removes what Keep has kept under these names, for every setting, and
// without names everything it has kept. A name under which nothing is kept is an
// error.
//
//	atf.Check(atf.Forget("adaptive"))
func Forget(names ...string) error {
	if len(names) == 0 {
		all, err := kept.List()
		if err != nil {
			return fmt.Errorf("atf: Forget: %w", err)
		}
		for _, e := range all {
			names = append(names, e.Name)
		}
	}
	if err := kept.Forget(names...); err != nil {
		return fmt.Errorf("atf: Forget: %w", err)
	}
	return nil
}

// KeptList is what Keep has kept, printed as a table of names and sizes.
type KeptList struct {
	Folder string
	Names  []kept.Entry
}

// Kept lists what Keep has kept, by name, with the number of values, one for
// each setting that was met, and their size on disk:
//
//	fmt.Println(atf.Must(atf.Kept()))
func Kept() (KeptList, error) {
	folder, err := kept.Folder()
	if err != nil {
		return KeptList{}, fmt.Errorf("atf: Kept: %w", err)
	}
	all, err := kept.List()
	if err != nil {
		return KeptList{}, fmt.Errorf("atf: Kept: %w", err)
	}
	return KeptList{folder, all}, nil
}

// Bytes is the size of all that is kept.
func (k KeptList) Bytes() int64 {
	total := int64(0)
	for _, e := range k.Names {
		total += e.Bytes
	}
	return total
}

func (k KeptList) String() string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, e := range k.Names {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", e.Name, e.Values, budget.Size(e.Bytes), e.Last.Format("2006-01-02 15:04"))
	}
	table.Flush()
	fmt.Fprintf(&b, "%s in %s", budget.Size(k.Bytes()), k.Folder)
	return b.String()
}
