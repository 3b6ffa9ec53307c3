package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/data"
)

// digits are typeset ones, which need no files.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, log bytes.Buffer
	err := run(t.Context(), data.Digits().UpTo(60), args, &out, &log)
	return out.String() + log.String(), err
}

// -count says how many runs there are, so that -index makes each of them, and
// -also reads them from where they are.
func TestCommand(t *testing.T) {
	if out, err := command(t, "-count"); err != nil || out != "324\n" {
		t.Errorf("%q, %v", out, err)
	}
	few := []string{"-sizes", "25", "-seeds", "1", "-causes-seeds", "0"}
	if out, err := command(t, append(few, "-count")...); err != nil || out != "6\n" {
		t.Errorf("%q, %v", out, err)
	}
	if out, err := command(t, "-count", "-theory"); err != nil || out != "12\n" {
		t.Errorf("%q, %v", out, err)
	}
	if testing.Short() {
		return
	}
	a, b := t.TempDir(), t.TempDir()
	for _, i := range []string{"2", "5"} { // the networks, which are the quickest
		if out, err := command(t, append(few, "-out", a, "-index", i)...); err != nil || !strings.Contains(out, "Model:network") || !strings.Contains(out, a) {
			t.Errorf("%q, %v", out, err)
		}
		if out, err := command(t, append(few, "-out", b, "-also", a, "-index", i)...); err != nil || !strings.Contains(out, a) {
			t.Errorf("%q, %v", out, err)
		}
	}
}

func TestCommandRefuses(t *testing.T) {
	for says, args := range map[string][]string{
		"flag provided but not":   {"-none"},
		`"rest" is no option`:     {"rest"},
		"no number of 25 or more": {"-sizes", "125,12"},
		`"many"`:                  {"-causes", "many"},
		"index 324 of 324":        {"-out", t.TempDir(), "-index", "324"},
		"index 6 of 6":            {"-theory", "-theory-sizes", "30", "-out", t.TempDir(), "-index", "6"},
	} {
		if out, err := command(t, args...); err == nil || !strings.Contains(err.Error()+out, says) {
			t.Errorf("%v: %q, %v", args, out, err)
		}
	}
}
