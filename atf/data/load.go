package data

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Streams of random numbers, one for each purpose, so that no choice disturbs
// another made from the same seed.
const (
	streamOrder uint64 = 0x6f72646572 + iota
	streamFlip
	streamInputs
	streamTruth
	streamNoise
)

// Load reads or draws the images. The set has X of n × 784 (n × 3,072 for colour
// images), Y of n × C (C = 1 for −1 and +1), the digits or classes in Labels, and
// the pixels for Image. A file that is not as it should be is a *FileError; where
// MNIST or CIFAR-10 is nowhere to be had, the error wraps ErrAbsent.
func (m Images) Load() (*Set, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := m.ctx.Err(); err != nil {
		return nil, fmt.Errorf("loading %s stopped: %w", m.kind.form().set, err)
	}
	switch m.kind {
	case typeset, textures:
		return m.loadDrawn("")
	case mnist:
		return m.loadMNIST()
	case cifar:
		return m.loadCIFAR()
	}
	load := m.loadMNIST
	if m.kind == cifarOrTextures {
		load = m.loadCIFAR
	}
	s, err := load()
	var absent *absentError
	if !errors.As(err, &absent) {
		return s, err
	}
	stand := m
	stand.kind = m.kind.fallback()
	s, err = stand.loadDrawn(" (no " + absent.set + ": " + absent.reason + ")")
	if err == nil && len(absent.files) > 0 {
		stand.warn(absent)
	}
	return s, err
}

// warned holds the warnings that this process has given, by where they went.
var warned sync.Map

type warning struct {
	to   io.Writer
	line string
}

// warn says in one line that a folder which the user named is not used. Who
// names a folder wants what is in it, and the set's Source is easily overlooked.
func (m *Images) warn(absent *absentError) {
	form, advice := m.kind.form(), "plain or as .gz, or choose Digits"
	if m.kind == textures {
		advice = "unpacked or as the archive, or choose Textures"
	}
	line := fmt.Sprintf("NOT %s: %s are drawn in its place, since %s: %s. Put the files there, %s.",
		absent.set, form.set, absent.reason, strings.Join(absent.files, "; "), advice)
	if _, before := warned.LoadOrStore(warning{m.notices, line}, true); !before {
		fmt.Fprintln(m.notices, line)
	}
}

func (m *Images) loadMNIST() (*Set, error) {
	parts, source, err := m.readMNIST()
	if err != nil {
		return nil, err
	}
	var labels []uint8
	for _, p := range parts {
		labels = append(labels, p.labels...)
	}
	idx, err := m.pick(labels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	out := make([]uint8, len(idx)*pixels)
	for k, i := range idx {
		p := parts[0]
		if n := len(p.labels); i >= n {
			p, i = parts[1], i-n
		}
		copy(out[k*pixels:(k+1)*pixels], p.pixels[i*pixels:])
	}
	return m.assemble("MNIST", source, labels, idx, out)
}

// pick chooses among images with the given labels: classes, order, number. It
// asks for the memory of what it chose.
func (m *Images) pick(labels []uint8) ([]int, error) {
	var idx []int
	for i, v := range labels {
		if slices.Contains(m.classes, int(v)) {
			idx = append(idx, i)
		}
	}
	if m.seed != nil {
		r := rand.New(rand.NewPCG(*m.seed, streamOrder))
		r.Shuffle(len(idx), func(a, b int) { idx[a], idx[b] = idx[b], idx[a] })
	}
	what := fmt.Sprintf("images of %s in %s", m.classList(), m.part)
	switch {
	case m.take != nil && *m.take > len(idx) && !m.upTo:
		return nil, fmt.Errorf("%s %s asked for, %s there: take fewer, or UpTo or All", thousands(*m.take), what, thousands(len(idx)))
	case len(idx) == 0:
		return nil, fmt.Errorf("no %s", what)
	case m.take != nil:
		idx = idx[:min(*m.take, len(idx))]
	}
	need := int64(len(idx)) * int64(m.kind.form().size()*9+len(m.classes)*8)
	if err := budget.Check(fmt.Sprintf("%s images", thousands(len(idx))), need, 0, "choose fewer with Take or Classes"); err != nil {
		return nil, err
	}
	return idx, nil
}

// assemble makes the set of the images idx, whose pixels are given.
func (m *Images) assemble(name, source string, labels []uint8, idx []int, px []uint8) (*Set, error) {
	n, c, f := len(idx), len(m.classes), m.kind.form()
	size := f.size()
	outputs := c
	if m.target == signs {
		outputs = 1
	}
	s := &Set{
		X:        mat.NewDense(n, size, nil),
		Y:        mat.NewDense(n, outputs, nil),
		Labels:   make([]int, n),
		Classes:  slices.Clone(m.classes),
		Rows:     f.rows,
		Cols:     f.cols,
		Channels: f.channels,
		Name:     fmt.Sprintf("%s %s (%s)", name, m.classList(), m.part),
		Source:   source,
		pixels:   px,
	}
	if f.classes != nil {
		for _, v := range m.classes {
			s.ClassNames = append(s.ClassNames, f.class(v))
		}
	}
	for k, i := range idx {
		s.Labels[k] = int(labels[i])
		class := slices.Index(m.classes, s.Labels[k])
		if m.target == signs {
			s.Y.Set(k, 0, float64(2*class-1))
		} else {
			s.Y.Set(k, class, 1)
		}
	}
	flat := n // the first image without contrast
	var mu sync.Mutex
	par.For(n, 64, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			if !m.scale.apply(s.X.RawRowView(k), px[k*size:(k+1)*size]) {
				mu.Lock()
				flat = min(flat, k)
				mu.Unlock()
			}
		}
	})
	if flat < n {
		return nil, fmt.Errorf("%s: image %d (a %s) is of one grey throughout (images count from 0), so UnitNorm cannot divide by its norm", source, idx[flat], f.class(s.Labels[flat]))
	}
	return s, nil
}

// apply writes the pixels px into x; it reports false for an image that has no
// norm to divide by.
func (c scaling) apply(x []float64, px []uint8) bool {
	for j, v := range px {
		x[j] = float64(v)
	}
	switch c {
	case scaled:
		for j := range x {
			x[j] /= 255
		}
	case unitNorm:
		sum := 0.0
		for _, v := range x {
			sum += v
		}
		mean, square := sum/float64(len(x)), 0.0
		varied := false
		for j := range x {
			varied = varied || px[j] != px[0]
			x[j] -= mean
			square += x[j] * x[j]
		}
		if !varied {
			return false
		}
		norm := math.Sqrt(square)
		for j := range x {
			x[j] /= norm
		}
	}
	return true
}
