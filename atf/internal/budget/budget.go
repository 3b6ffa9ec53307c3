// Package budget asks before memory is taken. A request beyond the budget is
// an error that names its size and a smaller way.
package budget

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Env is the environment variable that sets the budget: a number of bytes with
// an optional unit, such as "500MiB" or "4GB".
const Env = "ATF_MEMORY"

// fallback is the budget where the machine does not say how much memory it has.
const fallback = 2 << 30

// Error reports a request beyond the budget.
type Error struct {
	What   string // what the memory was for
	Need   int64  // bytes the request takes
	Limit  int64  // bytes the budget allows
	Advice string // a smaller way
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s needs %s of memory, more than the budget of %s: %s (or raise the budget through $%s)",
		e.What, Size(e.Need), Size(e.Limit), e.Advice, Env)
}

// Check returns an *Error when bytes is more than the budget: limit where it
// is positive, else Limit().
func Check(what string, bytes, limit int64, advice string) error {
	if limit <= 0 {
		var err error
		if limit, err = Limit(); err != nil {
			return err
		}
	}
	if bytes <= limit && bytes >= 0 {
		return nil
	}
	return &Error{What: what, Need: bytes, Limit: limit, Advice: advice}
}

// Limit is the budget in bytes: $ATF_MEMORY where it is set, else half of the
// memory the machine has available now.
func Limit() (int64, error) {
	if s := os.Getenv(Env); s != "" {
		v, err := Parse(s)
		if err != nil {
			return 0, fmt.Errorf("$%s: %w", Env, err)
		}
		return v, nil
	}
	if v := available(); v > 0 {
		return v / 2, nil
	}
	return fallback, nil
}

func available() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) >= 2 && fields[0] == "MemAvailable:" {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			if err == nil {
				return kib << 10
			}
		}
	}
	return 0
}

var units = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
}

// Parse reads a size such as "500MiB", "1.5 GB" or "1048576".
func Parse(s string) (int64, error) {
	t := strings.TrimSpace(s)
	for _, u := range units {
		if !strings.HasSuffix(t, u.name) {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(t, u.name)), 64)
		if err != nil || !(v > 0) || v*u.bytes >= 1<<62 {
			break
		}
		return int64(v * u.bytes), nil
	}
	return 0, fmt.Errorf("%q is no memory size: write a positive number with B, KiB, MiB, GiB, kB, MB or GB", s)
}

// Size writes bytes for a reader: "3.25 GiB".
func Size(bytes int64) string {
	v, unit := float64(bytes), "B"
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB", "PiB"} {
		if v < 1024 {
			break
		}
		v, unit = v/1024, u
	}
	return fmt.Sprintf("%.4g %s", v, unit)
}
