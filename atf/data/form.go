package data

import "strconv"

// A form says how the images of a kind look and what their classes are called.
type form struct {
	set                  string // the collection's name
	rows, cols, channels int
	classes              []string // by label; nil for digits, which are their own names
}

// size is how many numbers an image has.
func (f form) size() int { return f.rows * f.cols * f.channels }

// class names the class of a label.
func (f form) class(label int) string {
	if f.classes == nil {
		return strconv.Itoa(label)
	}
	return f.classes[label]
}

var (
	cifarClasses = []string{"airplane", "automobile", "bird", "cat", "deer",
		"dog", "frog", "horse", "ship", "truck"}
	textureClasses = []string{"stripes", "waves", "checks", "grid", "dots",
		"bricks", "rings", "rays", "mosaic", "clouds"}
)

func (k kind) form() form {
	switch k {
	case typeset:
		return form{"typeset digits", side, side, 1, nil}
	case cifar, cifarOrTextures:
		return form{"CIFAR-10", edge, edge, 3, cifarClasses}
	case textures:
		return form{"textures", edge, edge, 3, textureClasses}
	}
	return form{"MNIST", side, side, 1, nil}
}

// fallback is the drawn kind that stands in for files of k.
func (k kind) fallback() kind {
	if k == cifarOrTextures {
		return textures
	}
	return typeset
}

// filed names the files in whose place k is drawn, as one chooses them.
func (k kind) filed() string {
	if k == textures {
		return "CIFAR10"
	}
	return "MNIST"
}

// drawn says whether the images come from no files.
func (k kind) drawn() bool { return k == typeset || k == textures }
