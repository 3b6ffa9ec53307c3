package nn

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// networkWire is the form of a network in a gob stream.
type networkWire struct {
	Layers []Layer
	Theta  []float64
}

// GobEncode writes layers and parameters.
func (n *Network) GobEncode() ([]byte, error) {
	var buf bytes.Buffer
	err := gob.NewEncoder(&buf).Encode(networkWire{n.layers, n.theta})
	return buf.Bytes(), err
}

// GobDecode reads what GobEncode wrote; a stream that holds no consistent
// network is an error.
func (n *Network) GobDecode(b []byte) error {
	var w networkWire
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&w); err != nil {
		return fmt.Errorf("nn: reading a network: %w", err)
	}
	m, err := New(w.Layers, w.Theta)
	if err != nil {
		return fmt.Errorf("nn: reading a network: %w", err)
	}
	*n = *m
	return nil
}
