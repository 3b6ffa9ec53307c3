package data

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// Progress receives reports of long work. charts.Progress gives one that draws
// a bar.
type Progress = progress.Func

// Report is one report of long work.
type Report = progress.Report

// Images chooses images and the form in which they are wanted. Its
// methods return changed copies, so a choice can be kept and used more than
// once:
//
//	pair := data.MNISTOrDigits().Classes(2, 3).UnitNorm()
//	train, err := pair.Train().Take(500).Load()
//	test, err := pair.Test().Load()
//
// Nothing is read, downloaded or drawn before Load, which also reports what is
// wrong with the choice. Where two calls settle the same thing, the last one
// counts.
type Images struct {
	kind    kind
	dir     *string
	classes []int
	part    partChoice
	take    *int
	upTo    bool // take fewer where there are fewer
	seed    *uint64
	scale   scaling
	target  encoding
	offline bool
	ctx     context.Context
	report  Progress
	fetch   *fetcher
	cache   func() (string, error)
	notices io.Writer
	records int // of a file of CIFAR-10
}

type kind int

const (
	mnist kind = iota
	typeset
	mnistOrTypeset
	cifar
	textures
	cifarOrTextures
)

type partChoice int

const (
	trainPart partChoice = iota
	testPart
	allParts
)

func (p partChoice) String() string { return [...]string{"train", "test", "train and test"}[p] }

// tests says which of the parts train (false) and test (true) are chosen.
func (p partChoice) tests() []bool { return [...][]bool{{false}, {true}, {false, true}}[p] }

type scaling int

const (
	scaled scaling = iota
	unitNorm
	raw
)

type encoding int

const (
	byClasses encoding = iota
	oneHot
	signs
)

// MNIST chooses handwritten digits, 28 × 28, from the IDX files of MNIST (or
// another set in the same form: images of 28 × 28, labels 0 … 9). They are
// taken from the first of these places that has them:
//
//  1. the folder named by Dir, and from nowhere else when it is named;
//  2. the folder in $ATF_DATA;
//  3. the user's cache (os.UserCacheDir, gonb-atf/mnist);
//  4. the public mirrors, into that cache, unless Offline: see Download.
//
// In a folder the files have their usual names (train-images-idx3-ubyte,
// train-labels-idx1-ubyte, and t10k for the test part; a dot before idx will
// do), plain or with .gz; of two the plain one is read. A file may also lie in
// a folder of its own name, as archives are unpacked. A web page, an archive
// or a Git LFS pointer in place of a file is an error that says so.
//
// By default: the train part, all ten classes, all images, in the order of the
// files, pixels scaled to 0 … 1, one-hot targets (two classes: −1 and +1).
func MNIST() Images { return newImages(mnist) }

// Digits chooses typeset digits, 28 × 28, drawn with varied style from the
// typefaces of the Go project that golang.org/x/image embeds: a fixed
// collection of 60,000 images for train and 10,000 for test, of which only
// those asked for are drawn. It needs no files and no network. Defaults are as
// for MNIST.
func Digits() Images { return newImages(typeset) }

// MNISTOrDigits chooses MNIST where it is to be had (see MNIST) and typeset
// digits where neither files nor a network are there; the set's Source says
// which it was and why. Where a folder was named, by Dir or $ATF_DATA, and
// holds none of the files, a line on the standard error that begins with NOT
// MNIST says so too, with the reason for each file; it comes once in a process.
// Only absence leads to typeset digits: a folder that does not exist, one that
// holds half of a pair of files, a damaged file or a download with another
// SHA-256 is an error.
func MNISTOrDigits() Images { return newImages(mnistOrTypeset) }

func newImages(k kind) Images {
	name := "mnist"
	if k == cifar || k == cifarOrTextures {
		name = "cifar10"
	}
	cache := func() (string, error) { return cacheDir(name) }
	return Images{kind: k, cache: cache, notices: os.Stderr, records: fullRecords}
}

// Dir names the folder of MNIST's files, or the place of CIFAR-10's. For Digits
// and Textures it is an error at Load.
func (m Images) Dir(path string) Images { m.dir = &path; return m }

// Classes chooses digits, or classes by their numbers, and their order: the columns of one-hot targets, or
// −1 for the first and +1 for the second. Load fails on an empty choice, on a
// number that is none of 0 … 9 and on one that comes twice.
func (m Images) Classes(digits ...int) Images {
	m.classes = append([]int{}, digits...)
	return m
}

// Take chooses the first n images, after the choice of classes and after the
// order is settled (by Seed, else that of the files). With fewer than n there,
// Load fails; see UpTo.
func (m Images) Take(n int) Images { m.take, m.upTo = &n, false; return m }

// UpTo is Take, except that with fewer than n images there it chooses all of
// them; the set says how many it holds.
func (m Images) UpTo(n int) Images { m.take, m.upTo = &n, true; return m }

// Seed puts the images in a random order. Of the same choice with the same
// seed, Take of fewer images gives the beginning of Take of more.
func (m Images) Seed(seed uint64) Images { m.seed = &seed; return m }

// Train chooses the train part. It is the default.
func (m Images) Train() Images { m.part = trainPart; return m }

// Test chooses the test part (MNIST's t10k files, CIFAR-10's test_batch).
func (m Images) Test() Images { m.part = testPart; return m }

// All chooses both parts, train before test.
func (m Images) All() Images { m.part = allParts; return m }

// UnitNorm subtracts from each image its mean and divides it by its norm, as
// the paper does for its Figure 1. An image of one grey throughout
// has no norm to divide by and is an error.
func (m Images) UnitNorm() Images { m.scale = unitNorm; return m }

// Scaled divides the pixels by 255: 0 black to 1 white. It is the default.
func (m Images) Scaled() Images { m.scale = scaled; return m }

// Raw leaves the pixels as they are: 0 black to 255 white.
func (m Images) Raw() Images { m.scale = raw; return m }

// OneHot asks for targets of n × C: 1 in the column of the image's class, else
// 0. It is the default unless there are two classes.
func (m Images) OneHot() Images { m.target = oneHot; return m }

// Signs asks for targets of n × 1: −1 for the first class, +1 for the second.
// It is the default for two classes, and an error for another number.
func (m Images) Signs() Images { m.target = signs; return m }

// Offline forbids the download, as $ATF_OFFLINE=1 does for every choice.
func (m Images) Offline() Images { m.offline = true; return m }

// Context lets Load be cancelled: it then returns the context's error.
func (m Images) Context(ctx context.Context) Images { m.ctx = ctx; return m }

// Progress receives reports of the download (in bytes) and of the drawing.
func (m Images) Progress(report Progress) Images { m.report = report; return m }

// check finds what is wrong with the choice itself and fills in defaults.
func (m *Images) check() error {
	if m.classes == nil {
		m.classes = span(0, 10)
	}
	if len(m.classes) == 0 {
		return fmt.Errorf("no classes chosen: name at least one digit")
	}
	for k, c := range m.classes {
		if c < 0 || c > 9 {
			what := "digit"
			if m.kind.form().classes != nil {
				what = "class of " + m.kind.form().set
			}
			return fmt.Errorf("class %d is no %s: choose from 0 … 9", c, what)
		}
		if slices.Contains(m.classes[:k], c) {
			return fmt.Errorf("class %d is chosen twice", c)
		}
	}
	if m.take != nil && *m.take < 1 {
		return fmt.Errorf("%d images to take: it must be 1 or more", *m.take)
	}
	if m.target == signs && len(m.classes) != 2 {
		return fmt.Errorf("targets −1 and +1 need two classes, not %d: choose two, or OneHot", len(m.classes))
	}
	if m.target == byClasses {
		m.target = oneHot
		if len(m.classes) == 2 {
			m.target = signs
		}
	}
	if m.kind.drawn() && m.dir != nil {
		return fmt.Errorf("%s come from no folder: leave Dir away, or choose %s", m.kind.form().set, m.kind.filed())
	}
	if m.ctx == nil {
		m.ctx = context.Background()
	}
	if m.fetch == nil {
		m.fetch = defaultFetcher(m.kind)
	}
	return nil
}

// classList writes the classes for a reader.
func (m *Images) classList() string {
	if slices.Equal(m.classes, span(0, 10)) {
		return "0 … 9"
	}
	words := make([]string, len(m.classes))
	for k, c := range m.classes {
		words[k] = m.kind.form().class(c)
	}
	return strings.Join(words, ", ")
}
