package penalty

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// Every penalty but a custom one round-trips through encoding/gob as a value
// of type Penalty.
func init() {
	const room = "github.com/tangentfeatures/gonb-atf/atf/penalty."
	gob.RegisterName(room+"squared", squared{})
	gob.RegisterName(room+"absolute", absolute{})
	gob.RegisterName(room+"power", power{})
	gob.RegisterName(room+"logSquared", logSquared{})
	gob.RegisterName(room+"nuclear", nuclear{})
	gob.RegisterName(room+"identity", identity{})
	gob.RegisterName(room+"invalid", invalid{})
	gob.RegisterName(room+"scaled", scaled{})
	gob.RegisterName(room+"pair", Pair{})
	gob.RegisterName(room+"custom", &custom{})
}

// The identity has nothing to store, which gob refuses in a struct.
func (identity) GobEncode() ([]byte, error) { return []byte{1}, nil }
func (*identity) GobDecode([]byte) error    { return nil }

type storedPair struct{ A, B Penalty }

// GobEncode stores the two sides.
func (p Pair) GobEncode() ([]byte, error) {
	if p.pair == nil || p.a == nil || p.b == nil {
		return nil, fmt.Errorf("penalty: encoding a Pair: %w", p.Validate())
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(storedPair{p.a, p.b})
	return b.Bytes(), err
}

// GobDecode makes the pair of the stored sides.
func (p *Pair) GobDecode(data []byte) error {
	var s storedPair
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		return fmt.Errorf("penalty: decoding a Pair: %w", err)
	}
	*p = InfConv(s.A, s.B)
	return nil
}
