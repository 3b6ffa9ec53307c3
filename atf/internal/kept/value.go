package kept

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/notebook"
)

// A NotKeptError says that a value was made but could not be written; the value
// stands beside it.
type NotKeptError struct {
	Name string
	Err  error
}

func (e *NotKeptError) Error() string {
	return fmt.Sprintf("%q was made but is not kept: %v", e.Name, e.Err)
}

func (e *NotKeptError) Unwrap() error { return e.Err }

// ValueOrSay is Value for who has use for what was made even where it cannot be
// written: then that is said on stderr.
func ValueOrSay[T any](name, source string, make func() (T, error), from ...any) (T, error) {
	v, err := Value(name, source, make, from...)
	var unkept *NotKeptError
	if errors.As(err, &unkept) {
		fmt.Fprintln(os.Stderr, "atf:", err)
		return v, nil
	}
	return v, err
}

// box lets encoding/gob write any value: alone it writes no interface, no nil
// and no pointer to a pointer.
type box[T any] struct{ Value T }

// Value gives what is kept under the name for these values, else what make
// gives, and keeps that. A failure of make is not kept. source names the code of
// make as far as the caller knows it.
//
// Errors: those of make; a name that is empty or too long; a type that does not
// come back from a file as it went in; values without a fingerprint; and, with
// the value beside it, a *NotKeptError.
func Value[T any](name, source string, make func() (T, error), from ...any) (value T, err error) {
	signature, err := signatureOf(reflect.TypeFor[T]())
	if err != nil {
		return value, fmt.Errorf("%q cannot be kept: %w", name, err)
	}
	print, err := fingerprint.Of(from...)
	if err != nil {
		return value, fmt.Errorf("%q cannot be told apart by what it is made from: %w", name, err)
	}
	key := fingerprint.New("kept/1").String(name).String(signature).String(print).String(source).Sum()
	_, file, err := place(name, key)
	if err != nil {
		return value, err
	}
	why := ""
	data, err := read(file)
	if err == nil {
		var b box[T]
		if err = gob.NewDecoder(bytes.NewReader(data)).Decode(&b); err == nil {
			if !notebook.Met(name + key) {
				notebook.Say(name + ": kept")
			}
			return b.Value, nil
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		why = fmt.Sprintf(" (what was kept cannot be read: %v)", err)
	}
	if value, err = make(); err != nil {
		return value, err
	}
	var b bytes.Buffer
	if err = gob.NewEncoder(&b).Encode(box[T]{value}); err == nil {
		err = write(file, b.Bytes())
	}
	if err != nil {
		return value, &NotKeptError{name, err}
	}
	notebook.Met(name + key)
	if why != "" && !notebook.Watched() {
		fmt.Fprintln(os.Stderr, name+": made anew"+why)
	}
	notebook.Say(name + ": made anew" + why)
	return value, nil
}
