package nn

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/atf/internal/npy"
)

// Save writes the parameters to a NumPy .npz file, replacing one that is there:
// W0 (out × in, shaped as by Weight), b0 (out), W1, b1, …, as float64, b only
// where the layer has biases. numpy.load(path)["W0"] reads them. The file appears whole or not at
// all.
func (n *Network) Save(path string) error {
	var arrays []npy.Named
	for k, l := range n.ParamLayers() {
		g := n.Weight(l)
		arrays = append(arrays, npy.Named{Name: fmt.Sprintf("W%d", k), Array: &npy.Array{Shape: []int{g.Rows, g.Cols}, Data: g.Data}})
		if b := n.Bias(l); b != nil {
			arrays = append(arrays, npy.Named{Name: fmt.Sprintf("b%d", k), Array: &npy.Array{Shape: []int{len(b)}, Data: b}})
		}
	}
	if err := npy.WriteArchive(path, arrays); err != nil {
		return fmt.Errorf("nn: saving parameters: %w", err)
	}
	return nil
}

// Load reads parameters for the network's architecture from a .npz file. Its
// arrays are named either as Save names them, W0 (out × in), b0 (out), W1, …, or
// as PyTorch does in the state dict of an nn.Sequential, 0.weight (out × in),
// 0.bias, 2.weight, …: the layers then are those of the file, in its order, which
// numpy.savez(path, **{k: v.numpy() for k, v in model.state_dict().items()})
// keeps. PyTorch's order of channels, in the kernels of convolutions (out × in ×
// k × k) and in a dense layer behind flattened images, is brought into that of
// Window; inputs must be in the order of Window too. Numbers of any type are read,
// each exactly.
//
// A file that is damaged, lacks an array, or holds one that is unknown, no
// numbers or of another shape, is an error that names the array.
func (n *Network) Load(path string) (*Network, error) {
	m, err := n.load(path)
	if err != nil {
		return nil, fmt.Errorf("nn: loading parameters from %s: %w", path, err)
	}
	return m, nil
}

func (n *Network) load(path string) (*Network, error) {
	z, err := npy.Open(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	weight, bias, torch, err := n.arrayNames(z)
	if err != nil {
		return nil, err
	}
	theta := make([]float64, n.NumParams())
	used := map[string]bool{}
	read := func(name string, dst []float64, shape ...int) error {
		used[name] = true
		if !z.Has(name) {
			return fmt.Errorf("there is no array %s, only %s", name, strings.Join(z.Names(), ", "))
		}
		a, err := z.Read(name)
		if err != nil {
			return fmt.Errorf("array %s: %w", name, err)
		}
		if !slices.Equal(a.Shape, shape) {
			return fmt.Errorf("array %s: it has the shape %v: this network needs %v", name, a.Shape, shape)
		}
		copy(dst, a.Data)
		return nil
	}
	for k, l := range n.ParamLayers() {
		w, b := n.weightIn(theta, l), n.biasIn(theta, l)
		shape := []int{w.Rows, w.Cols}
		if torch {
			shape = n.torchShape(l)
		}
		if err := read(weight(k), w.Data, shape...); err != nil {
			return nil, err
		}
		if torch {
			n.fromTorch(l, w.Data)
		}
		if b == nil {
			continue
		}
		if err := read(bias(k), b, len(b)); err != nil {
			return nil, err
		}
	}
	for _, name := range z.Names() {
		if !used[name] {
			return nil, fmt.Errorf("the array %s belongs to no layer of the %v", name, n)
		}
	}
	return n.over(theta), nil
}

// arrayNames gives the names of a layer's arrays in an archive. Those of a state
// dict of PyTorch end in .weight and .bias, and the layers follow each other in
// its order.
func (n *Network) arrayNames(z *npy.Archive) (weight, bias func(l int) string, torch bool, err error) {
	var layers []string
	for _, name := range z.Names() {
		layer, ok := strings.CutSuffix(name, ".weight")
		if ok {
			layers = append(layers, layer)
		}
	}
	if len(layers) == 0 || z.Has("W0") {
		return func(l int) string { return fmt.Sprintf("W%d", l) }, func(l int) string { return fmt.Sprintf("b%d", l) }, false, nil
	}
	if has := len(n.ParamLayers()); len(layers) != has {
		return nil, nil, false, fmt.Errorf("the state dict has %d layers (%s): this network has %d", len(layers), strings.Join(layers, ", "), has)
	}
	if !slices.IsSortedFunc(layers, compareNumbered) {
		return nil, nil, false, fmt.Errorf("the layers of the state dict stand in the order %s: save them in the network's", strings.Join(layers, ", "))
	}
	return func(l int) string { return layers[l] + ".weight" }, func(l int) string { return layers[l] + ".bias" }, true, nil
}

// compareNumbered orders names that differ in a number only, such as 2 and 10 or
// fc1 and fc2, by the number; others are in order as they are.
func compareNumbered(a, b string) int {
	stem := func(s string) (before, number, after string) {
		i := strings.IndexAny(s, "0123456789")
		if i < 0 {
			return s, "", ""
		}
		after = strings.TrimLeft(s[i:], "0123456789")
		return s[:i], strings.TrimLeft(s[i:len(s)-len(after)], "0"), after
	}
	beforeA, x, afterA := stem(a)
	beforeB, y, afterB := stem(b)
	if beforeA != beforeB || afterA != afterB {
		return 0
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(x, y)
}
