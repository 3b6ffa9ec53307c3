package fingerprint

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// deepest is how far values are followed: deeper ones are taken for circular.
const deepest = 64

// Of is the fingerprint of any values: of those that name themselves
// (Fingerprint() string) by that name, of matrices by their entries, of all
// others by their type and everything in them. It fails at what has no value to
// compare, functions and channels, and at values that contain themselves.
func Of(values ...any) (string, error) {
	w := New("values/1").Int(len(values))
	for i, v := range values {
		if err := w.any(reflect.ValueOf(v), 0); err != nil {
			return "", fmt.Errorf("value %d of %d (%T): %w", i+1, len(values), v, err)
		}
	}
	return w.Sum(), nil
}

var (
	matrixType = reflect.TypeFor[mat.Matrix]()
	namedType  = reflect.TypeFor[interface{ Fingerprint() string }]()
)

// any adds a value with the name of its type.
func (w *Writer) any(v reflect.Value, depth int) error {
	if !v.IsValid() {
		w.String("nil")
		return nil
	}
	t := v.Type()
	w.String(t.PkgPath() + "·" + t.String())
	switch nilable := t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface; {
	case depth > deepest:
		return fmt.Errorf("it contains itself, or is deeper than %d values: give what matters of it", deepest)
	case nilable && v.IsNil():
		w.String("nil")
		return nil
	case v.CanInterface() && t.Implements(namedType):
		w.String(v.Interface().(interface{ Fingerprint() string }).Fingerprint())
		return nil
	case v.CanInterface() && t.Implements(matrixType):
		w.Matrix(v.Interface().(mat.Matrix))
		return nil
	}
	return w.plain(v, depth)
}

// plain adds a value that does not name itself.
func (w *Writer) plain(v reflect.Value, depth int) error {
	switch v.Kind() {
	case reflect.Bool:
		w.Bool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.Int(int(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.Int(int(v.Uint()))
	case reflect.Float32, reflect.Float64:
		w.Float(v.Float())
	case reflect.Complex64, reflect.Complex128:
		w.Float(real(v.Complex()), imag(v.Complex()))
	case reflect.String:
		w.String(v.String())
	case reflect.Pointer, reflect.Interface:
		return w.any(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		w.Int(v.Len())
		for i := range v.Len() {
			if err := w.any(v.Index(i), depth+1); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := w.any(v.Field(i), depth+1); err != nil {
				return fmt.Errorf("field %s: %w", v.Type().Field(i).Name, err)
			}
		}
	case reflect.Map:
		return w.entries(v, depth)
	default:
		return fmt.Errorf("a %s has no value to compare: give what it depends on instead", v.Kind())
	}
	return nil
}

// entries adds a map in an order that depends on the keys alone.
func (w *Writer) entries(v reflect.Value, depth int) error {
	type entry struct {
		print string
		value reflect.Value
	}
	var all []entry
	for it := v.MapRange(); it.Next(); {
		key := New("key/1")
		if err := key.any(it.Key(), depth+1); err != nil {
			return fmt.Errorf("a key: %w", err)
		}
		all = append(all, entry{key.Sum(), it.Value()})
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.print, b.print) })
	w.Int(len(all))
	for _, e := range all {
		w.String(e.print)
		if err := w.any(e.value, depth+1); err != nil {
			return err
		}
	}
	return nil
}
