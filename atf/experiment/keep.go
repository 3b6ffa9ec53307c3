package experiment

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// failure carries an error through a store, whose function has none to return.
type failure struct{ error }

// kept gives what build gives, from the store where it has it.
func kept[T any](store func(string, func() []byte) []byte, key string, build func() (T, error)) (value T, err error) {
	if store == nil {
		return build()
	}
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		f, ours := r.(failure)
		if !ours {
			panic(r)
		}
		err = f.error
	}()
	data := store(key, func() []byte {
		v, err := build()
		if err != nil {
			panic(failure{err})
		}
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(v); err != nil {
			panic(failure{fmt.Errorf("experiment: what is to be kept cannot be written: %w", err)})
		}
		return b.Bytes()
	})
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&value); err != nil {
		return value, fmt.Errorf("experiment: what was kept under %q cannot be read, remove it: %w", key, err)
	}
	return value, nil
}
