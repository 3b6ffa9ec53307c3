package data_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// folder makes a small folder in MNIST's form.
func folder() (dir string, remove func()) {
	dir = must(os.MkdirTemp("", "mnist"))
	if err := data.TinyMNIST(dir); err != nil {
		log.Fatal(err)
	}
	return dir, func() { os.RemoveAll(dir) }
}

func ExampleMNIST() {
	dir, remove := folder()
	defer remove()
	digits, err := data.MNIST().Dir(dir).Classes(2, 3).Take(6).UnitNorm().Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(digits)
	fmt.Println(digits.Labels, mat.Col(nil, 0, digits.Y))
	// Output:
	// MNIST 2, 3 (train): 6 examples, 784 inputs, 1 output; 3 of 2, 3 of 3; source: MNIST from the folder given (40 train)
	// [2 3 2 3 2 3] [-1 1 -1 1 -1 1]
}

func ExampleMNIST_parts() {
	dir, remove := folder()
	defer remove()
	choice := data.MNIST().Dir(dir).Classes(2, 3).UnitNorm()
	train := must(choice.Train().Seed(1).Take(5).Load())
	test := must(choice.Test().Load())
	all := must(choice.All().Load())
	fmt.Println(train.N(), test.N(), all.N())
	fmt.Println(all.Source)
	// Output:
	// 5 4 12
	// MNIST from the folder given (40 train, 20 t10k)
}

func ExampleDigits() {
	digits := must(data.Digits().Classes(4, 7, 9).Seed(3).Take(200).Load())
	fmt.Println(digits.Name, digits.N(), digits.Outputs(), digits.Rows, digits.Cols)
	fmt.Println(digits.Source)
	// Output:
	// typeset digits 4, 7, 9 (train) 200 3 28 28
	// typeset digits drawn from the Go fonts
}

func ExampleMNISTOrDigits() {
	dir := must(os.MkdirTemp("", "empty"))
	defer os.RemoveAll(dir)
	digits := must(data.MNISTOrDigits().Dir(dir).Classes(2, 3).Take(10).Load())
	fmt.Println(digits.Source)
	// Output:
	// typeset digits drawn from the Go fonts (no MNIST: the folder given holds none of its files)
}

func ExampleCIFAR10() {
	dir := must(os.MkdirTemp("", "cifar"))
	defer os.RemoveAll(dir)
	if err := data.FakeCIFAR10(dir); err != nil { // test_batch.bin
		log.Fatal(err)
	}
	pets := must(data.CIFAR10().Dir(dir).Test().Classes(3, 5).Take(4).Load())
	fmt.Println(pets)
	fmt.Println(pets.Rows, pets.Cols, pets.Channels, pets.Picture(0).Bounds())
	// Output:
	// CIFAR-10 cat, dog (test): 4 examples, 3,072 inputs, 1 output; 2 of cat, 2 of dog; source: CIFAR-10 from the folder given (10,000 test)
	// 32 32 3 (0,0)-(32,32)
}

func ExampleCIFAR10OrTextures() {
	dir := must(os.MkdirTemp("", "empty"))
	defer os.RemoveAll(dir)
	images := must(data.CIFAR10OrTextures().Dir(dir).Classes(0, 6, 8).Take(9).Load())
	fmt.Println(images.ClassNames, images.Outputs())
	fmt.Println(images.Source)
	// Output:
	// [stripes rings mosaic] 3
	// textures drawn by gonb-atf (no CIFAR-10: the folder given holds none of its files)
}

func ExampleSparseLinear() {
	task := must(data.SparseLinear(20, 10, 3).Seed(1).Load())
	r, c := task.X.Dims()
	active := 0
	for _, b := range task.Truth {
		if b != 0 {
			active++
		}
	}
	fmt.Println(task.Name, r, c, active)
	// Output:
	// linear targets, 3 of 10 coefficients 20 10 3
}

func ExampleSphere() {
	task := must(data.Sphere(100, 3).Rule(func(x []float64) float64 { return x[0] * x[1] }).Load())
	x := task.X.RawRowView(7)
	fmt.Printf("%.3f\n", x[0]*x[0]+x[1]*x[1]+x[2]*x[2])
	fmt.Println(task.Y.At(7, 0) == x[0]*x[1])
	// Output:
	// 1.000
	// true
}

func ExampleGaussian() {
	task := must(data.Gaussian(6, 2).Signs().Load())
	fmt.Println(task.N(), task.Inputs(), task.Classes)
	// Output:
	// 6 2 [-1 1]
}

func ExampleSet_FlipLabels() {
	digits := must(data.Digits().Classes(2, 3).Take(100).Load())
	harder := must(digits.FlipLabels(0.2, 1))
	changed := 0
	for i, v := range harder.Labels {
		if v != digits.Labels[i] {
			changed++
		}
	}
	fmt.Println(changed)
	// Output:
	// 20
}

func ExampleSet_OrderBy() {
	digits := must(data.Digits().Classes(2, 3).Take(6).Load())
	sorted := digits.OrderBy(mat.Col(nil, 0, digits.Y))
	fmt.Println(mat.Col(nil, 0, sorted.Y))
	// Output:
	// [-1 -1 1 1 1 1]
}

func ExampleSigns() {
	smooth := mat.NewDense(3, 1, []float64{-0.9, 0.1, 1.2})
	fmt.Println(must(data.Signs(smooth)).RawMatrix().Data)
	// Output: [-1 1 1]
}

func ExampleSet_Split() {
	digits := must(data.Digits().Classes(2, 3).Take(10).Load())
	train, held := digits.Split(8)
	fmt.Println(train.N(), held.N())
	// Output:
	// 8 2
}

func ExampleSet_Fingerprint() {
	digits := must(data.Digits().Classes(2, 3).Take(10).Load())
	var kept bytes.Buffer
	if err := gob.NewEncoder(&kept).Encode(digits); err != nil {
		fmt.Println(err)
	}
	var again data.Set
	if err := gob.NewDecoder(&kept).Decode(&again); err != nil {
		fmt.Println(err)
	}
	fmt.Println(again.Fingerprint() == digits.Fingerprint())
	// Output:
	// true
}

func ExampleSaveNPY() {
	dir := must(os.MkdirTemp("", "arrays"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "y.npy")
	if err := data.SaveNPY(path, mat.NewDense(2, 2, []float64{1, 2, 3, 4})); err != nil {
		fmt.Println(err)
	}
	m, err := data.LoadNPY(path)
	fmt.Println(m.RawMatrix().Data, err)
	// Output: [1 2 3 4] <nil>
}

func ExampleLoadNPZ() {
	dir := must(os.MkdirTemp("", "arrays"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "run.npz")
	err := data.SaveNPZ(path, map[string]mat.Matrix{
		"K": mat.NewDense(2, 2, []float64{2, 1, 1, 3}), "lr": mat.NewDense(1, 1, []float64{0.1}),
	})
	if err != nil {
		fmt.Println(err)
	}
	run := must(data.LoadNPZ(path)) // in Python: numpy.load(path)["K"]
	fmt.Println(run)
	fmt.Println(must(run.Matrix("K")).RawMatrix().Data, must(run.Scalar("lr")))
	// Output:
	// K 2 × 2, lr 1 × 1
	// [2 1 1 3] 0.1
}
