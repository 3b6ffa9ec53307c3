package budget

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]int64{
		"1048576": 1 << 20, "500MiB": 500 << 20, "1.5 GB": 1.5e9, " 2 kB ": 2000, "7B": 7, "1TiB": 1 << 40,
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "GiB", "-1GB", "0", "1 XB", "NaN", "Inf MB", "1e30GB", "1 2 MB"} {
		if got, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %d without an error", s, got)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Setenv(Env, "1kB")
	if err := Check("a matrix", 1000, 0, "take less"); err != nil {
		t.Errorf("the budget itself: %v", err)
	}
	err := Check("a matrix", 1001, 0, "take less")
	var e *Error
	if !errors.As(err, &e) || e.Need != 1001 || e.Limit != 1000 {
		t.Fatalf("beyond the budget: %v", err)
	}
	for _, part := range []string{"a matrix", "1001 B", "1000 B", "take less", Env} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if err := Check("a matrix", 5000, 6000, "take less"); err != nil {
		t.Errorf("a limit of the call's own: %v", err)
	}
	if err := Check("an overflowed size", -1, 6000, "take less"); err == nil {
		t.Error("a negative size passed")
	}
	t.Setenv(Env, "plenty")
	if err := Check("a matrix", 1, 0, "take less"); err == nil || !strings.Contains(err.Error(), Env) {
		t.Errorf("an unreadable budget: %v", err)
	}
	t.Setenv(Env, "")
	if v, err := Limit(); err != nil || v < 1<<20 {
		t.Errorf("Limit of this machine: %d, %v", v, err)
	}
}

func TestSize(t *testing.T) {
	for v, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1 << 10: "1 KiB", 3 << 29: "1.5 GiB"} {
		if got := Size(v); got != want {
			t.Errorf("Size(%d) = %q, want %q", v, got, want)
		}
	}
}
