package npy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The values of a Python literal are string, bool, int64, nil (None), tuple,
// list and dict.
type (
	tuple []any
	list  []any
	dict  map[string]any
)

// deepest is how far literals may be nested.
const deepest = 32

// parseLiteral reads the part of Python's literals that headers consist of:
// strings with either quote and a prefix, True, False, None, whole numbers also
// as Python 2 wrote them (5L), tuples, lists, and dictionaries whose keys are
// strings.
func parseLiteral(s string) (any, error) {
	p := &literal{rest: s}
	v, err := p.value(0)
	if err != nil {
		return nil, fmt.Errorf("at byte %d: %w", len(s)-len(p.rest), err)
	}
	p.space()
	if p.rest != "" {
		return nil, fmt.Errorf("at byte %d: %.20q follows the dictionary", len(s)-len(p.rest), p.rest)
	}
	return v, nil
}

type literal struct{ rest string }

func (p *literal) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n\f\x00") }

// next takes the token t where it stands next.
func (p *literal) next(t string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, t)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *literal) value(depth int) (any, error) {
	if depth > deepest {
		return nil, fmt.Errorf("nested more than %d deep", deepest)
	}
	p.space()
	if p.rest == "" {
		return nil, errors.New("the text ends too early")
	}
	switch c := p.rest[0]; {
	case p.next("{"):
		return p.dict(depth)
	case p.next("["):
		v, _, err := p.items("]", depth)
		return list(v), err
	case p.next("("):
		v, comma, err := p.items(")", depth)
		if err == nil && len(v) == 1 && !comma {
			return v[0], nil // parentheses around one value are no tuple
		}
		return tuple(v), err
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case c == '\'' || c == '"':
		return p.text()
	}
	return p.word()
}

// items reads values up to the closing bracket, and says whether a comma stood
// among them.
func (p *literal) items(end string, depth int) (v []any, comma bool, err error) {
	for !p.next(end) {
		if len(v) > 0 && !comma {
			return nil, false, fmt.Errorf("a comma or %s is missing", end)
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return nil, false, err
		}
		v = append(v, item)
		comma = p.next(",")
	}
	return v, comma || len(v) > 1, nil
}

func (p *literal) dict(depth int) (any, error) {
	d := dict{}
	for comma := true; !p.next("}"); {
		if !comma {
			return nil, errors.New("a comma or } is missing")
		}
		k, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		key, ok := k.(string)
		if !ok {
			return nil, errors.New("a key that is no string")
		}
		if _, twice := d[key]; twice {
			return nil, fmt.Errorf("the key %q is there twice", key)
		}
		if !p.next(":") {
			return nil, fmt.Errorf("a colon is missing after the key %q", key)
		}
		if d[key], err = p.value(depth + 1); err != nil {
			return nil, err
		}
		comma = p.next(",")
	}
	return d, nil
}

func (p *literal) number() (any, error) {
	n := 1
	for n < len(p.rest) && p.rest[n] >= '0' && p.rest[n] <= '9' {
		n++
	}
	v, err := strconv.ParseInt(p.rest[:n], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%.30q is no size of an array", p.rest[:n])
	}
	p.rest = p.rest[n:]
	p.rest = strings.TrimPrefix(p.rest, "L")
	return v, nil
}

// text reads a string; what a backslash does stays as it is written.
func (p *literal) text() (any, error) {
	quote := p.rest[0]
	for i := 1; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case quote:
			s := p.rest[1:i]
			p.rest = p.rest[i+1:]
			return s, nil
		}
	}
	return nil, errors.New("a string does not end")
}

func (p *literal) word() (any, error) {
	n := 0
	for n < len(p.rest) && (p.rest[n] >= 'a' && p.rest[n] <= 'z' || p.rest[n] >= 'A' && p.rest[n] <= 'Z') {
		n++
	}
	w := p.rest[:n]
	p.rest = p.rest[n:]
	switch w {
	case "True":
		return true, nil
	case "False":
		return false, nil
	case "None":
		return nil, nil
	case "u", "b", "r": // the prefix of a string
		if p.rest != "" && (p.rest[0] == '\'' || p.rest[0] == '"') {
			return p.text()
		}
	}
	return nil, fmt.Errorf("%.20q is no value of a header", w+p.rest)
}
