package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// element is a type of number as NumPy stores it. decode fills dst from as many
// elements; where one has no equal among the float64, it returns its index and
// why.
type element struct {
	size   int
	decode func(dst []float64, src []byte, o binary.ByteOrder) (int, error)
}

var elements = map[string]element{
	"f8": {8, real(func(b []byte, o binary.ByteOrder) float64 { return math.Float64frombits(o.Uint64(b)) }, 8)},
	"f4": {4, real(func(b []byte, o binary.ByteOrder) float64 { return float64(math.Float32frombits(o.Uint32(b))) }, 4)},
	"f2": {2, real(func(b []byte, o binary.ByteOrder) float64 { return half(o.Uint16(b)) }, 2)},
	"i4": {4, real(func(b []byte, o binary.ByteOrder) float64 { return float64(int32(o.Uint32(b))) }, 4)},
	"i2": {2, real(func(b []byte, o binary.ByteOrder) float64 { return float64(int16(o.Uint16(b))) }, 2)},
	"i1": {1, real(func(b []byte, _ binary.ByteOrder) float64 { return float64(int8(b[0])) }, 1)},
	"u4": {4, real(func(b []byte, o binary.ByteOrder) float64 { return float64(o.Uint32(b)) }, 4)},
	"u2": {2, real(func(b []byte, o binary.ByteOrder) float64 { return float64(o.Uint16(b)) }, 2)},
	"u1": {1, real(func(b []byte, _ binary.ByteOrder) float64 { return float64(b[0]) }, 1)},
	"i8": {8, decodeInt64},
	"u8": {8, decodeUint64},
	"b1": {1, decodeBool},
}

// real decodes elements that every float64 can hold.
func real(f func(b []byte, o binary.ByteOrder) float64, size int) func([]float64, []byte, binary.ByteOrder) (int, error) {
	return func(dst []float64, src []byte, o binary.ByteOrder) (int, error) {
		for i := range dst {
			dst[i] = f(src[i*size:], o)
		}
		return 0, nil
	}
}

func decodeInt64(dst []float64, src []byte, o binary.ByteOrder) (int, error) {
	for i := range dst {
		v := int64(o.Uint64(src[8*i:]))
		size := uint64(v)
		if v < 0 {
			size = -size
		}
		if !exact(size) {
			return i, inexact(v)
		}
		dst[i] = float64(v)
	}
	return 0, nil
}

func decodeUint64(dst []float64, src []byte, o binary.ByteOrder) (int, error) {
	for i := range dst {
		v := o.Uint64(src[8*i:])
		if !exact(v) {
			return i, inexact(v)
		}
		dst[i] = float64(v)
	}
	return 0, nil
}

// exact says that a float64, whose significand has 53 bits, equals v.
func exact(v uint64) bool {
	return bits.Len64(v)-bits.TrailingZeros64(v) <= 53
}

func inexact(v any) error {
	return fmt.Errorf("no float64 equals %d: where rounding is meant, save it as float64 (in Python .astype(float))", v)
}

func decodeBool(dst []float64, src []byte, _ binary.ByteOrder) (int, error) {
	for i := range dst {
		if src[i] > 1 {
			return i, fmt.Errorf("the byte %d is neither False nor True", src[i])
		}
		dst[i] = float64(src[i])
	}
	return 0, nil
}

// half is the value of an IEEE 754 binary16 number.
func half(b uint16) float64 {
	exponent, fraction := int(b>>10&0x1f), float64(b&0x3ff)
	v := math.Ldexp(1024+fraction, exponent-25)
	switch {
	case exponent == 0: // subnormal
		v = math.Ldexp(fraction, -24)
	case exponent == 31 && fraction == 0:
		v = math.Inf(1)
	case exponent == 31:
		return math.NaN()
	}
	if b>>15 == 1 {
		v = -v
	}
	return v
}

// element finds the type and the byte order of the header's elements.
func (h *header) element() (element, binary.ByteOrder, error) {
	if h.records {
		return element{}, nil, fmt.Errorf("elements that are records (%s): save each field as an array of its own", h.descr)
	}
	code := strings.TrimLeft(h.descr, "<>|=")
	if len(h.descr)-len(code) <= 1 {
		if code == "?" {
			code = "b1"
		}
		if e, ok := elements[code]; ok {
			switch h.descr[0] {
			case '<':
				return e, binary.LittleEndian, nil
			case '>':
				return e, binary.BigEndian, nil
			}
			return e, binary.NativeEndian, nil // one byte, or as this machine has it
		}
	}
	what := "save them as float64"
	if code != "" {
		switch code[0] {
		case 'c':
			what = "complex numbers; save .real and .imag"
		case 'S', 'U', 'a':
			what = "text; only numbers are read"
		case 'O':
			what = "Python objects; only numbers are read"
		case 'M', 'm':
			what = "dates or times; save them as float64 in a unit of your own"
		case 'V':
			what = "raw bytes; only numbers are read"
		}
	}
	return element{}, nil, fmt.Errorf("elements of type %.20s: %s", h.descr, what)
}
