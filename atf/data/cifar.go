package data

import "fmt"

// CIFAR10 chooses small colour photographs, 32 × 32, of ten classes from the
// binary version of CIFAR-10 (Krizhevsky, Learning multiple layers of features
// from tiny images, 2009): 0 airplane, 1 automobile, 2 bird, 3 cat, 4 deer,
// 5 dog, 6 frog, 7 horse, 8 ship, 9 truck; 50,000 images for train, 10,000 for
// test. They are taken from the first of these places that has them:
//
//  1. the place named by Dir, and from nowhere else when it is named;
//  2. the place in $ATF_DATA;
//  3. the user's cache (os.UserCacheDir, gonb-atf/cifar10);
//  4. https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz (170 MB), checked
//     against its SHA-256, into that cache, unless Offline: see Download.
//
// A place is the folder cifar-10-batches-bin with data_batch_1.bin …
// data_batch_5.bin and test_batch.bin (only those of the chosen part are
// needed), a folder that holds it, the archive cifar-10-binary.tar.gz, or a
// folder that holds the archive, which is read as it is. Unpacked files come
// before the archive. A file has 10,000 records of a label and 3,072 pixels; a
// label above 9, a record that is cut off, other bytes after the last one, a web
// page or a Git LFS pointer is a *FileError that names the record and the byte.
//
// The rows of X have 3,072 numbers in the layout that nn.Images(32, 32, 3)
// reads: row by row, pixel by pixel, red, green and blue next to each other.
// Defaults are as for MNIST; Classes takes the numbers above.
func CIFAR10() Images { return newImages(cifar) }

// CIFAR10OrTextures chooses CIFAR-10 where it is to be had (see CIFAR10) and
// Textures where neither files nor a network are there; the set's Source says
// which it was and why. Where a place was named, by Dir or $ATF_DATA, and holds
// none of the files, a line on the standard error that begins with NOT CIFAR-10
// says so once in a process. Only absence leads to textures: a place that does
// not exist, a folder with some of the files, a damaged file or a download with
// another SHA-256 is an error.
func CIFAR10OrTextures() Images { return newImages(cifarOrTextures) }

const (
	edge        = 32              // pixels along an edge of a colour image
	colourSize  = edge * edge * 3 // numbers of a colour image
	recordSize  = 1 + colourSize  // bytes of a record: the label, then the pixels
	fullRecords = 10000           // records of a file
	batchFolder = "cifar-10-batches-bin"
	archiveName = "cifar-10-binary.tar.gz"
	testBatch   = "test_batch.bin" // the file of the test part
)

var officialCIFAR = []remote{
	{archiveName, 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"},
}

var mirrorsCIFAR = []string{"https://www.cs.toronto.edu/~kriz/"}

// batchNames lists the files of a part.
func batchNames(test bool) []string {
	if test {
		return []string{testBatch}
	}
	names := make([]string, 5)
	for k := range names {
		names[k] = fmt.Sprintf("data_batch_%d.bin", k+1)
	}
	return names
}

// batches lists the files of the chosen parts.
func (p partChoice) batches() (names []string) {
	for _, test := range p.tests() {
		names = append(names, batchNames(test)...)
	}
	return names
}

func (m *Images) loadCIFAR() (*Set, error) {
	src, place, err := m.locateCIFAR()
	if err != nil {
		return nil, err
	}
	batches, err := m.readBatches(src)
	if err != nil {
		if place == fromCache {
			err = fmt.Errorf("%w; delete the cached file to have it downloaded again", err)
		}
		return nil, err
	}
	var labels []uint8
	for _, b := range batches {
		for k := range m.records {
			labels = append(labels, b[k*recordSize])
		}
	}
	counts := ""
	for k, test := range m.part.tests() {
		if k > 0 {
			counts += ", "
		}
		counts += thousands(len(batchNames(test))*m.records) + " " + [...]string{"train", "test"}[btoi(test)]
	}
	source := fmt.Sprintf("CIFAR-10 from %s (%s)", place, counts)
	idx, err := m.pick(labels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	out := make([]uint8, len(idx)*colourSize)
	for k, i := range idx {
		record := batches[i/m.records][i%m.records*recordSize:][1:recordSize]
		interleave(out[k*colourSize:(k+1)*colourSize], record)
	}
	return m.assemble("CIFAR-10", source, labels, idx, out)
}

// interleave turns an image of three planes, red, green and blue, into one of
// pixels of three channels.
func interleave(dst, planes []uint8) {
	const area = edge * edge
	for p := range area {
		dst[3*p], dst[3*p+1], dst[3*p+2] = planes[p], planes[area+p], planes[2*area+p]
	}
}
