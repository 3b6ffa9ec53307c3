// Package fingerprint names a result by what it was made from, so that a
// result kept in a cache is found again exactly when nothing has changed.
package fingerprint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Writer gathers what a result was made from. Every value is written with a
// mark of its type and its length, so different sequences cannot collide by
// running together.
type Writer struct {
	h   hash.Hash
	buf []byte
}

// New starts the fingerprint of a kind of result, such as "nn.Network/1". The
// number is raised when the same inputs come to mean another result.
func New(kind string) *Writer {
	w := &Writer{h: sha256.New(), buf: make([]byte, 0, 8*1024)}
	return w.String(kind)
}

func (w *Writer) word(v uint64) {
	w.buf = binary.LittleEndian.AppendUint64(w.buf, v)
	if len(w.buf) >= 8*1024 {
		w.flush()
	}
}

func (w *Writer) flush() {
	w.h.Write(w.buf)
	w.buf = w.buf[:0]
}

// String adds a string.
func (w *Writer) String(s string) *Writer {
	w.word('s')
	w.word(uint64(len(s)))
	w.flush()
	w.h.Write([]byte(s))
	return w
}

// Int adds whole numbers.
func (w *Writer) Int(vs ...int) *Writer {
	w.word('i')
	w.word(uint64(len(vs)))
	for _, v := range vs {
		w.word(uint64(v))
	}
	return w
}

// Bool adds a truth value.
func (w *Writer) Bool(v bool) *Writer {
	if v {
		return w.Int(1)
	}
	return w.Int(0)
}

// Float adds numbers by their bits.
func (w *Writer) Float(vs ...float64) *Writer {
	w.word('f')
	w.word(uint64(len(vs)))
	for _, v := range vs {
		w.word(math.Float64bits(v))
	}
	return w
}

// Matrix adds a matrix with its shape; nil is allowed and differs from empty.
func (w *Writer) Matrix(m mat.Matrix) *Writer {
	if m == nil {
		return w.Int(-1, -1)
	}
	r, c := m.Dims()
	w.Int(r, c)
	if raw, ok := m.(mat.RawMatrixer); ok {
		g := raw.RawMatrix()
		for i := 0; i < r; i++ {
			for _, v := range g.Data[i*g.Stride : i*g.Stride+c] {
				w.word(math.Float64bits(v))
			}
		}
		return w
	}
	for i := 0; i < r; i++ {
		for j := 0; j < c; j++ {
			w.word(math.Float64bits(m.At(i, j)))
		}
	}
	return w
}

// Sum gives the fingerprint: 16 hexadecimal digits.
func (w *Writer) Sum() string {
	w.flush()
	return hex.EncodeToString(w.h.Sum(nil)[:8])
}
