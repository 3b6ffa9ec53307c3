package experiment

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Contests are the contests of one task, one for each seed.
type Contests struct {
	Task string
	Runs []*Contest
}

// Mean is the mean of a quantity over the seeds.
func (c *Contests) Mean(of func(*Contest) float64) (mean float64) {
	for _, r := range c.Runs {
		mean += of(r) / float64(len(c.Runs))
	}
	return mean
}

// OverFixed is the mean of an error over that of M = I.
func (c *Contests) OverFixed(of func(*Contest) float64) float64 {
	return c.Mean(of) / c.Mean(func(c *Contest) float64 { return c.Fixed })
}

// A direction is a task of numbers: how many an input has, and the rule of the
// targets for inputs on the unit sphere, with variance about 1.
type direction struct {
	name string
	d    int
	rule func(x []float64) float64
}

var directions = []direction{
	{"line, one of 100", 100, func(x []float64) float64 { return 10 * x[0] }},
	{"square, one of 10", 10, func(x []float64) float64 { return 10*x[0]*x[0] - 1 }},
	{"products, all of 20", 20, func(x []float64) (y float64) {
		for j := 0; j < len(x); j += 2 {
			y += math.Sqrt(40) * x[j] * x[j+1]
		}
		return y
	}},
}

// FewAndMany lets fixed and adapted features and training compete (see Compete)
// on tasks that need few directions of their inputs and on one that needs all of
// them, with 150 examples to learn from, 1,000 new ones and a ReLU network
// d-100-100-1: a straight line along one of 100 directions of the unit sphere, a
// square along one of 10, a sum of products of pairs of all 20. The last task is
// the images, of which the first 150 of each seed's order are learned from. The
// seeds are 1 … seeds. Errors: no seed; fewer than 151 images; those of Compete.
func FewAndMany(images *data.Set, seeds int, lambdas ...float64) ([]*Contests, error) {
	const learned, fresh = 150, 1000
	if seeds < 1 {
		return nil, fmt.Errorf("experiment: at least one seed is needed, got %d", seeds)
	}
	if images.N() <= learned {
		return nil, fmt.Errorf("experiment: %d images: %d are learned from and the others are the new ones", images.N(), learned)
	}
	var all []*Contests
	add := func(name string, draw func(seed uint64) (*data.Set, error)) error {
		of := &Contests{Task: name}
		for seed := uint64(1); seed <= uint64(seeds); seed++ {
			set, err := draw(seed)
			if err != nil {
				return err
			}
			train, test := set.Split(learned)
			net, err := nn.MLP(set.Inputs(), 100, 100, 1).ReLU().Seed(seed).Build()
			if err != nil {
				return err
			}
			c, err := Compete(net, train, test, seed, lambdas...)
			if err != nil {
				return fmt.Errorf("experiment: %s, seed %d: %w", name, seed, err)
			}
			of.Runs = append(of.Runs, c)
		}
		all = append(all, of)
		return nil
	}
	for _, t := range directions {
		err := add(t.name, func(seed uint64) (*data.Set, error) {
			return data.Sphere(learned+fresh, t.d).Seed(seed).Rule(t.rule).Load()
		})
		if err != nil {
			return nil, err
		}
	}
	err := add(images.Name, func(seed uint64) (*data.Set, error) { return images.Shuffle(seed), nil })
	return all, err
}
