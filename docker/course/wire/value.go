// Package wire carries calls of a function to another process and its results
// back. The grader is on one side (Client), the student's program on the other
// (Serve). Values are numbers with NaN and ±Inf, truth values, strings, errors as
// their text, slices and matrices. Nothing that arrives is more than a value: it
// has the type that was asked for or is refused.
package wire

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"gonum.org/v1/gonum/mat"
)

// box is one value on its way; exactly one field is set, none for a nil.
type box struct {
	Float  *number   `json:"f,omitempty"`
	Int    *int64    `json:"i,omitempty"`
	Bool   *bool     `json:"b,omitempty"`
	String *string   `json:"s,omitempty"`
	List   *[]box    `json:"l,omitempty"`
	Floats *[]number `json:"v,omitempty"`
	Matrix *grid     `json:"m,omitempty"`
	Error  *string   `json:"e,omitempty"`
}

type grid struct {
	Rows    int      `json:"r"`
	Columns int      `json:"c"`
	Data    []number `json:"d"`
}

// number is a float64 that JSON can carry whatever its value.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	switch f := float64(n); {
	case math.IsNaN(f):
		return []byte(`"NaN"`), nil
	case math.IsInf(f, 1):
		return []byte(`"+Inf"`), nil
	case math.IsInf(f, -1):
		return []byte(`"-Inf"`), nil
	default:
		return json.Marshal(f)
	}
}

func (n *number) UnmarshalJSON(raw []byte) error {
	switch string(raw) {
	case `"NaN"`:
		*n = number(math.NaN())
	case `"+Inf"`:
		*n = number(math.Inf(1))
	case `"-Inf"`:
		*n = number(math.Inf(-1))
	case "null":
		return fmt.Errorf("wire: null is no number")
	default:
		return json.Unmarshal(raw, (*float64)(n))
	}
	return nil
}

var (
	denseType = reflect.TypeFor[*mat.Dense]()
	errorType = reflect.TypeFor[error]()
)

// Fits says whether values of a type can be sent: float64, int, bool, string,
// *mat.Dense, slices of these and of slices, and error.
func Fits(t reflect.Type) bool {
	switch {
	case t == denseType, t == errorType:
		return true
	case t.Kind() == reflect.Slice && t.Elem() != errorType:
		return Fits(t.Elem())
	}
	switch t {
	case reflect.TypeFor[float64](), reflect.TypeFor[int](), reflect.TypeFor[bool](), reflect.TypeFor[string]():
		return true
	}
	return false
}

// pack gives the box of a value of a type that Fits.
func pack(v reflect.Value) (box, error) {
	t := v.Type()
	switch {
	case t == errorType:
		if v.IsNil() {
			return box{}, nil
		}
		text := v.Interface().(error).Error()
		return box{Error: &text}, nil
	case t == denseType:
		return packMatrix(v.Interface().(*mat.Dense)), nil
	case t == reflect.TypeFor[[]float64]():
		if v.IsNil() {
			return box{}, nil
		}
		list := numbers(v.Interface().([]float64))
		return box{Floats: &list}, nil
	case t.Kind() == reflect.Slice:
		if v.IsNil() {
			return box{}, nil
		}
		list := make([]box, v.Len())
		for i := range list {
			var err error
			if list[i], err = pack(v.Index(i)); err != nil {
				return box{}, err
			}
		}
		return box{List: &list}, nil
	}
	switch x := v.Interface().(type) {
	case float64:
		n := number(x)
		return box{Float: &n}, nil
	case int:
		n := int64(x)
		return box{Int: &n}, nil
	case bool:
		return box{Bool: &x}, nil
	case string:
		return box{String: &x}, nil
	}
	return box{}, fmt.Errorf("wire: values of type %v cannot be sent", t)
}

func packMatrix(m *mat.Dense) box {
	if m == nil {
		return box{}
	}
	r, c := m.Dims()
	g := grid{Rows: r, Columns: c, Data: make([]number, 0, r*c)}
	for i := range r {
		g.Data = append(g.Data, numbers(m.RawRowView(i))...)
	}
	return box{Matrix: &g}
}

func numbers(x []float64) []number {
	list := make([]number, len(x))
	for i, f := range x {
		list[i] = number(f)
	}
	return list
}

// remote is an error whose text came from the other side.
type remote string

func (r remote) Error() string { return string(r) }

// unpack gives the value of type t in a box, or says what else was in it.
func unpack(b box, t reflect.Type) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	switch {
	case b == (box{}) && (t == errorType || t == denseType || t.Kind() == reflect.Slice):
		return v, nil
	case t == errorType && b.Error != nil:
		v.Set(reflect.ValueOf(remote(*b.Error)))
	case t == denseType && b.Matrix != nil:
		m, err := unpackMatrix(*b.Matrix)
		if err != nil {
			return v, err
		}
		v.Set(reflect.ValueOf(m))
	case t == reflect.TypeFor[[]float64]() && b.Floats != nil:
		v.Set(reflect.ValueOf(floats(*b.Floats)))
	case t.Kind() == reflect.Slice && b.List != nil:
		v.Set(reflect.MakeSlice(t, len(*b.List), len(*b.List)))
		for i, e := range *b.List {
			element, err := unpack(e, t.Elem())
			if err != nil {
				return v, err
			}
			v.Index(i).Set(element)
		}
	case t.Kind() == reflect.Float64 && b.Float != nil:
		v.SetFloat(float64(*b.Float))
	case t.Kind() == reflect.Int && b.Int != nil:
		v.SetInt(*b.Int)
	case t.Kind() == reflect.Bool && b.Bool != nil:
		v.SetBool(*b.Bool)
	case t.Kind() == reflect.String && b.String != nil:
		v.SetString(*b.String)
	default:
		return v, fmt.Errorf("wire: what arrived is no %v", t)
	}
	return v, nil
}

func unpackMatrix(g grid) (*mat.Dense, error) {
	switch {
	case g.Rows == 0 && g.Columns == 0 && len(g.Data) == 0:
		return &mat.Dense{}, nil
	case g.Rows <= 0 || g.Columns <= 0 || g.Rows > len(g.Data) || g.Rows*g.Columns != len(g.Data):
		return nil, fmt.Errorf("wire: a matrix of %d × %d arrived with %d numbers", g.Rows, g.Columns, len(g.Data))
	}
	return mat.NewDense(g.Rows, g.Columns, floats(g.Data)), nil
}

func floats(list []number) []float64 {
	x := make([]float64, len(list))
	for i, n := range list {
		x[i] = float64(n)
	}
	return x
}
