package wire

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// LongestMessage in bytes: some million numbers. A longer one is refused before
// it is read.
const LongestMessage = 64 << 20

// ErrGone is the error of a call to which no whole answer came: the other process
// ended, was ended, or wrote something else.
var ErrGone = errors.New("wire: no whole answer came")

// Mismatch is the error of a value that has not the type it should have: the
// function that is served has another signature than the caller thinks, or the
// other side does not keep to the form.
type Mismatch struct{ text string }

func (m Mismatch) Error() string { return m.text }

type request struct {
	Arguments []box `json:"a"`
}

type answer struct {
	Results  []box  `json:"r"`
	Mismatch string `json:"x,omitempty"`
}

// Client calls what another process serves.
type Client struct {
	to   io.Writer
	from io.Reader
}

// NewClient calls through a pair of pipes.
func NewClient(to io.Writer, from io.Reader) *Client { return &Client{to: to, from: from} }

// Call sends the arguments and stores the results where results, pointers, point.
// Errors are Mismatch, or ErrGone with the cause.
func (c *Client) Call(results []any, arguments ...any) error {
	var q request
	for i, a := range arguments {
		v := reflect.ValueOf(a)
		if !v.IsValid() || !Fits(v.Type()) {
			return Mismatch{fmt.Sprintf("wire: argument %d has type %T, which cannot be sent", i+1, a)}
		}
		b, err := pack(v)
		if err != nil {
			return Mismatch{err.Error()}
		}
		q.Arguments = append(q.Arguments, b)
	}
	if err := write(c.to, q); err != nil {
		return fmt.Errorf("%w: %v", ErrGone, err)
	}
	var a answer
	if err := read(c.from, &a); err != nil {
		return fmt.Errorf("%w: %v", ErrGone, err)
	}
	if a.Mismatch != "" {
		return Mismatch{"wire: the other side says: " + a.Mismatch}
	}
	if len(a.Results) != len(results) {
		return Mismatch{fmt.Sprintf("wire: %d results arrived, want %d", len(a.Results), len(results))}
	}
	for i, r := range results {
		p := reflect.ValueOf(r)
		if p.Kind() != reflect.Pointer || p.IsNil() || !Fits(p.Type().Elem()) {
			return Mismatch{fmt.Sprintf("wire: result %d cannot go into a %T: give a pointer to a type that can be sent", i+1, r)}
		}
		v, err := unpack(a.Results[i], p.Type().Elem())
		if err != nil {
			return Mismatch{fmt.Sprintf("result %d: %v", i+1, err)}
		}
		p.Elem().Set(v)
	}
	return nil
}

// Serve answers calls of the function f until in ends. A panic of f is not caught:
// the process ends as any program of Go does.
func Serve(in io.Reader, out io.Writer, f any) error {
	function := reflect.ValueOf(f)
	if function.Kind() != reflect.Func || function.IsNil() || function.Type().IsVariadic() {
		return fmt.Errorf("wire: %T is no function with a fixed number of parameters", f)
	}
	for {
		var q request
		if err := read(in, &q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := write(out, serveOne(function, q)); err != nil {
			return err
		}
	}
}

func serveOne(function reflect.Value, q request) answer {
	t := function.Type()
	if t.NumIn() != len(q.Arguments) {
		return answer{Mismatch: fmt.Sprintf("the function takes %d arguments, not %d", t.NumIn(), len(q.Arguments))}
	}
	arguments := make([]reflect.Value, t.NumIn())
	for i := range arguments {
		if !Fits(t.In(i)) {
			return answer{Mismatch: fmt.Sprintf("argument %d has type %v, which cannot be sent", i+1, t.In(i))}
		}
		v, err := unpack(q.Arguments[i], t.In(i))
		if err != nil {
			return answer{Mismatch: fmt.Sprintf("argument %d: %v", i+1, err)}
		}
		arguments[i] = v
	}
	var a answer
	for i, r := range function.Call(arguments) {
		if !Fits(r.Type()) {
			return answer{Mismatch: fmt.Sprintf("result %d has type %v, which cannot be sent", i+1, r.Type())}
		}
		b, err := pack(r)
		if err != nil {
			return answer{Mismatch: fmt.Sprintf("result %d: %v", i+1, err)}
		}
		a.Results = append(a.Results, b)
	}
	return a
}

func write(w io.Writer, message any) error {
	raw, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(raw) > LongestMessage {
		return fmt.Errorf("wire: a message of %d bytes is longer than %d", len(raw), LongestMessage)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(raw))), raw...))
	return err
}

func read(r io.Reader, message any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > LongestMessage {
		return fmt.Errorf("wire: a message of %d bytes is longer than %d", length, LongestMessage)
	}
	raw := make([]byte, length)
	if _, err := io.ReadFull(r, raw); err != nil {
		return fmt.Errorf("wire: a message ends early: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	return json.Unmarshal(raw, message)
}
