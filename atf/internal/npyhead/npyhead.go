// Package npyhead looks at the beginning of a NumPy .npy file before a parser
// that trusts it does.
package npyhead

import (
	"encoding/binary"
	"fmt"
)

const (
	// Size is how many bytes Check wants to see.
	Size = 12
	// longest is more than the header of any array of numbers takes.
	longest = 1 << 16
)

// Check refuses a header that claims to be longer than any real one: the parser
// would take that memory first. It needs the file's first Size bytes, or all of
// a shorter file's.
func Check(head []byte) error {
	const magic, version, length = "\x93NUMPY", 6, 8
	if len(head) < Size || string(head[:version]) != magic || head[version] < 2 {
		return nil // no .npy file at all, or version 1, which counts in 16 bits
	}
	if n := binary.LittleEndian.Uint32(head[length:]); n > longest {
		return fmt.Errorf("no valid .npy header: it claims %d bytes", n)
	}
	return nil
}
