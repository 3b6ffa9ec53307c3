package nn

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"codeberg.org/sbinet/npyio/npy"
	"codeberg.org/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/npyhead"
)

// Save writes the parameters to a NumPy .npz file, replacing one that is there:
// W0 (out × in), b0 (out), W1, b1, …, as float64, b only where the layer has
// biases. numpy.load(path)["W0"] reads them. The file appears whole or not at
// all.
func (n *Network) Save(path string) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("nn: saving parameters: %w", err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
			err = fmt.Errorf("nn: saving parameters to %s: %w", path, err)
		}
	}()
	w := npz.NewWriter(tmp)
	for l := range n.layers {
		g := n.Weight(l)
		if err := w.Write(fmt.Sprintf("W%d.npy", l), mat.NewDense(g.Rows, g.Cols, g.Data)); err != nil {
			return err
		}
		if b := n.Bias(l); b != nil {
			if err := w.Write(fmt.Sprintf("b%d.npy", l), b); err != nil {
				return err
			}
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// Load reads parameters for the network's architecture from a file as Save
// writes it, or as numpy.savez does from float64 arrays of the same names and
// shapes. A file that is damaged, lacks an array, or holds one that is
// unknown, not float64 or of another shape, is an error that names the array.
func (n *Network) Load(path string) (*Network, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("nn: loading parameters from %s: %w", path, err)
	}
	defer z.Close()
	files := map[string]*zip.File{}
	for _, f := range z.File {
		files[f.Name] = f
	}
	theta := make([]float64, n.NumParams())
	read := func(name string, dst []float64, shape ...int) error {
		f := files[name+".npy"]
		if f == nil {
			return fmt.Errorf("nn: loading parameters from %s: there is no array %s", path, name)
		}
		delete(files, f.Name)
		if err := readArray(f, dst, shape); err != nil {
			return fmt.Errorf("nn: loading parameters from %s: array %s: %w", path, name, err)
		}
		return nil
	}
	for l, ly := range n.layers {
		if err := read(fmt.Sprintf("W%d", l), n.weightIn(theta, l).Data, ly.Out, ly.In); err != nil {
			return nil, err
		}
		if ly.Bias {
			if err := read(fmt.Sprintf("b%d", l), n.biasIn(theta, l), ly.Out); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range z.File {
		if files[f.Name] != nil {
			return nil, fmt.Errorf("nn: loading parameters from %s: the array %s belongs to no layer of the %v", path, f.Name, n)
		}
	}
	return n.over(theta), nil
}

// headerRoom is more than the header of any array of parameters takes.
const headerRoom = 1 << 16

// readArray reads a float64 array of the given shape. npyio takes missing
// values for zeros and trusts headers, so both are checked here.
func readArray(f *zip.File, dst []float64, shape []int) (err error) {
	want := 8 * len(dst)
	if f.UncompressedSize64 > uint64(want+headerRoom) {
		return fmt.Errorf("it has %d bytes, more than the %d of the shape %v", f.UncompressedSize64, want, shape)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, int64(want+headerRoom)+1))
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its header is damaged: %v", p)
		}
	}()
	if err := npyhead.Check(raw); err != nil {
		return err
	}
	body := bytes.NewReader(raw)
	a, err := npy.NewReader(body)
	if err != nil {
		return err
	}
	h := a.Header.Descr
	if t := h.Type; t != "'<f8'" && t != "'>f8'" && t != "<f8" && t != ">f8" {
		return fmt.Errorf("it holds %s: save it as float64", t)
	}
	if fmt.Sprint(h.Shape) != fmt.Sprint(shape) {
		return fmt.Errorf("it has the shape %v: this network needs %v", h.Shape, shape)
	}
	if body.Len() != want {
		return fmt.Errorf("it has %d bytes of values, not the %d of its shape", body.Len(), want)
	}
	rows, cols := shape[0], 1
	if len(shape) == 2 {
		cols = shape[1]
	}
	var v []float64
	if err := a.Read(&v); err != nil {
		return err
	}
	for i := range dst {
		if h.Fortran {
			dst[i] = v[i%cols*rows+i/cols]
		} else {
			dst[i] = v[i]
		}
	}
	return nil
}
