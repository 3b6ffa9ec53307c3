package kept

import (
	"encoding"
	"encoding/gob"
	"fmt"
	"reflect"
	"strings"
)

var (
	gobType    = reflect.TypeFor[gob.GobEncoder]()
	binaryType = reflect.TypeFor[encoding.BinaryMarshaler]()
)

// signatureOf writes out a type, so that what was kept of another type of the
// same name is not taken for one of this. It fails at types of which
// encoding/gob would leave something out without a word.
func signatureOf(t reflect.Type) (string, error) {
	var b strings.Builder
	err := writeType(&b, t, map[reflect.Type]bool{})
	return b.String(), err
}

func writeType(b *strings.Builder, t reflect.Type, seen map[reflect.Type]bool) error {
	b.WriteString(t.PkgPath() + "·" + t.String())
	pointer := reflect.PointerTo(t)
	if seen[t] || pointer.Implements(gobType) || pointer.Implements(binaryType) {
		return nil // it says itself what is written
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		b.WriteString(" of ")
		return writeType(b, t.Elem(), seen)
	case reflect.Map:
		b.WriteString(" of ")
		if err := writeType(b, t.Key(), seen); err != nil {
			return err
		}
		b.WriteString(" to ")
		return writeType(b, t.Elem(), seen)
	case reflect.Struct:
		return writeFields(b, t, seen)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Errorf("a value of type %s cannot be written to a file", t)
	}
	return nil
}

func writeFields(b *strings.Builder, t reflect.Type, seen map[reflect.Type]bool) error {
	b.WriteString("{")
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			return fmt.Errorf("the field %s of %s would not come back from the file: begin its name with a capital letter", f.Name, t)
		}
		b.WriteString(f.Name + " ")
		if err := writeType(b, f.Type, seen); err != nil {
			return fmt.Errorf("field %s of %s: %w", f.Name, t, err)
		}
		b.WriteString("; ")
	}
	b.WriteString("}")
	return nil
}
