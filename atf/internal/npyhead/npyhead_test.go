package npyhead

import "testing"

func TestCheck(t *testing.T) {
	head := func(version byte, length ...byte) []byte {
		return append([]byte{0x93, 'N', 'U', 'M', 'P', 'Y', version, 0}, length...)
	}
	for _, c := range []struct {
		head []byte
		ok   bool
	}{
		{head(1, 118, 0, '{', '\''), true},
		{head(1, 0xff, 0xff, 0xff, 0xff), true},
		{head(2, 118, 0, 0, 0), true},
		{head(2, 0xff, 0xff, 0xff, 0xff), false},
		{head(3, 1, 0, 1, 0), false},
		{nil, true},
		{[]byte("hello, this is text"), true},
		{head(2, 0xff, 0xff), true}, // too short: the parser says so
	} {
		if err := Check(c.head); (err == nil) != c.ok {
			t.Errorf("% x: %v", c.head, err)
		}
	}
}
