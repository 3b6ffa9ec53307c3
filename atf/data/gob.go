package data

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// wire is the form of a Set in a gob stream.
type wire struct {
	X, Y            *mat.Dense
	Labels, Classes []int
	Rows, Cols      int
	Truth           []float64
	Name, Source    string
	Pixels          []uint8
	Channels        int // absent in older streams, whose images are grey
	ClassNames      []string
}

// GobEncode implements gob.GobEncoder.
func (s *Set) GobEncode() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(wire{s.X, s.Y, s.Labels, s.Classes, s.Rows, s.Cols, s.Truth, s.Name, s.Source, s.pixels, s.Channels, s.ClassNames})
	return b.Bytes(), err
}

// GobDecode implements gob.GobDecoder. A stream whose parts do not fit each
// other is an error.
func (s *Set) GobDecode(p []byte) error {
	var w wire
	if err := gob.NewDecoder(bytes.NewReader(p)).Decode(&w); err != nil {
		return fmt.Errorf("data set: %w", err)
	}
	n := rows(w.X)
	if w.Pixels != nil {
		w.Channels = max(w.Channels, 1)
	}
	size := 0
	if w.Rows > 0 && w.Cols > 0 && w.Pixels != nil {
		size = n * w.Rows * w.Cols * w.Channels
	}
	switch {
	case w.Y != nil && rows(w.Y) != n:
		return fmt.Errorf("data set: %d targets for %d inputs", rows(w.Y), n)
	case w.Labels != nil && len(w.Labels) != n:
		return fmt.Errorf("data set: %d labels for %d inputs", len(w.Labels), n)
	case w.Pixels != nil && w.Channels != 1 && w.Channels != 3:
		return fmt.Errorf("data set: images of %d channels: they have 1 or 3", w.Channels)
	case w.ClassNames != nil && len(w.ClassNames) != len(w.Classes):
		return fmt.Errorf("data set: %d names for %d classes", len(w.ClassNames), len(w.Classes))
	case len(w.Pixels) != size:
		return fmt.Errorf("data set: %d pixels for %d images of %d × %d", len(w.Pixels), n, w.Rows, w.Cols)
	}
	*s = Set{X: w.X, Y: w.Y, Labels: w.Labels, Classes: w.Classes, ClassNames: w.ClassNames,
		Rows: w.Rows, Cols: w.Cols, Channels: w.Channels, Truth: w.Truth, Name: w.Name, Source: w.Source, pixels: w.Pixels}
	return nil
}
