// Figure4 computes the results behind notebook 09: the sample complexity of
// Figure 4 of the paper on MNIST, under both protocols. Each result is a file in
// the folder -out as soon as it is there; called again, it goes on where it
// stopped.
//
//	go run ./atf/experiment/figure4 -out results              # all trainings, on all cores
//	go run ./atf/experiment/figure4 -out results -index 17    # one of them, for a scheduler
//	go run ./atf/experiment/figure4 -count                    # how many there are
//	go run ./atf/experiment/figure4 -out results -theory      # what the theory says, without SGD
//
// MNIST is looked for as data.MNIST does. With OpenBLAS (-tags openblas), set
// OPENBLAS_NUM_THREADS=1: the runs themselves fill the cores.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/experiment"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/sweep"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, data.MNIST(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, err)
		}
		stop()
		os.Exit(1)
	}
}

// choice is what the command line says.
type choice struct {
	out                string
	also               []string
	index, workers     int
	count              bool
	sizes, causes      []int
	seeds, causesSeeds int
	solve              bool
	theory             []int
	theorySeeds        int
}

func parse(args []string, out io.Writer) (choice, error) {
	c := choice{sizes: experiment.Sizes, causes: []int{125, 1000}, theory: []int{125, 250}}
	flags := flag.NewFlagSet("figure4", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&c.out, "out", "", "the `folder` of the results (default: $"+sweep.EnvFolders+", else gonb-atf/sweep in the user's cache)")
	flags.Func("also", "a further `folder` that results are read from; may be given again", func(folder string) error {
		c.also = append(c.also, folder)
		return nil
	})
	flags.IntVar(&c.index, "index", -1, "make this run only, counted from 0")
	flags.IntVar(&c.workers, "workers", 0, "runs at a time (default: one for each core)")
	flags.BoolVar(&c.count, "count", false, "say how many runs there are, and make none")
	flags.Func("sizes", "images of an epoch, as `125,250` (default 125 … 4000)", func(s string) error { return numbers(s, &c.sizes) })
	flags.IntVar(&c.seeds, "seeds", 5, "seeds for each size")
	flags.Func("causes", "sizes for which the causes are asked, as `125,1000` (the default)", func(s string) error { return numbers(s, &c.causes) })
	flags.IntVar(&c.causesSeeds, "causes-seeds", 2, "seeds for each of them")
	flags.BoolVar(&c.solve, "theory", false, "solve the theory's problems in place of the trainings")
	flags.Func("theory-sizes", "images of those, as `125,250` (the default)", func(s string) error { return numbers(s, &c.theory) })
	flags.IntVar(&c.theorySeeds, "theory-seeds", 3, "seeds for each of them")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("figure4: %q is no option", flags.Arg(0))
	}
	return c, nil
}

func numbers(s string, to *[]int) error {
	*to = nil
	for _, part := range strings.Split(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 25 {
			return fmt.Errorf("%q is no number of 25 or more", part)
		}
		*to = append(*to, n)
	}
	return nil
}

func run(ctx context.Context, images data.Images, args []string, out, log io.Writer) error {
	c, err := parse(args, log)
	if err != nil {
		return err
	}
	var digits experiment.Complexity
	if !c.count {
		if digits, err = experiment.Figure4Digits(images); err != nil {
			return err
		}
	}
	trainings := append(digits.Curves(c.sizes, c.seeds), digits.Causes(c.causes, c.causesSeeds)...)
	slices.SortStableFunc(trainings, func(a, b experiment.Training) int { return a.N - b.N })
	problems := digits.Solvings(c.theory, c.theorySeeds)
	if c.solve {
		return each(ctx, digits.SolveSweep(problems), c, out, log, func(r experiment.Solved) string {
			return fmt.Sprintf("test error %.4f with M = I, %.4f adapted", r.Fixed().Test, r.Adapted().Test)
		})
	}
	return each(ctx, digits.Sweep(trainings), c, out, log, func(r experiment.Trained) string {
		return fmt.Sprintf("test error %.4f at epoch %d", r.TestError, r.Epoch)
	})
}

// each makes all runs of a sweep or one of them, or says how many there are.
func each[S, R any](ctx context.Context, of sweep.Sweep[S, R], c choice, out, log io.Writer, describe func(R) string) error {
	if c.count {
		fmt.Fprintln(out, of.Len())
		return nil
	}
	of = of.In(c.out).Also(c.also...).Workers(c.workers).Context(ctx)
	if c.index >= 0 {
		r, err := of.Index(c.index)
		if err == nil {
			fmt.Fprintf(out, "%+v: %s, in %s\n", r.Settings, describe(r.Value), r.File)
		}
		return err
	}
	_, err := of.Progress(func(r progress.Report) {
		left := ""
		if r.Measure != "" {
			left = fmt.Sprintf(", about %v left", (time.Duration(r.Value) * time.Second).Round(time.Minute))
		}
		fmt.Fprintf(log, "%s  %d of %d results are there%s\n", time.Now().Format(time.DateTime), r.Done, r.Total, left)
	}).Run()
	return err
}
