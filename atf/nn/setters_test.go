package nn

import (
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Setters return a changed copy: what they were called on stays as it was, so
// that several networks and trainings may start from one.
func TestSettersReturnCopies(t *testing.T) {
	builder, trainer := MLP(3, 4, 4, 1), Train(must(MLP(3, 1).Build()))
	stack := Images(4, 4, 1).Conv(2, 3)
	x := mat.NewDense(2, 3, nil)
	for _, c := range []struct {
		of   any
		args map[string][]any
	}{
		{builder, map[string][]any{
			"ReLU": nil, "LeakyReLU": {0.1}, "Tanh": nil, "GELU": nil, "Erf": nil, "Identity": nil, "Activation": {Erf},
			"He": nil, "LeCun": nil, "NTK": nil, "NoBias": nil, "NormalBias": {0.5}, "UniformBias": nil, "ZeroBias": nil,
			"Residual": nil, "OutputScale": {2.0}, "Seed": {uint64(7)},
		}},
		{stack, map[string][]any{
			"ReLU": nil, "LeakyReLU": {0.1}, "Tanh": nil, "GELU": nil, "Erf": nil, "Activation": {Erf},
			"He": nil, "LeCun": nil, "NTK": nil, "NoBias": nil, "NormalBias": {0.5}, "UniformBias": nil, "ZeroBias": nil,
			"Conv": {2, 3}, "AvgPool": {2}, "MaxPool": {2}, "Stride": {2}, "Same": nil, "Valid": nil, "Flatten": nil, "Dense": {3},
			"Residual": {func(b *Stack) *Stack { return b.Conv(2, 3) }}, "OutputScale": {2.0}, "Seed": {uint64(7)},
		}},
		{trainer, map[string][]any{
			"Loss": {Logistic}, "SGD": {0.7}, "Momentum": {0.5}, "DecayToStart": {0.5}, "Adam": {0.1}, "GradientDescent": {0.1}, "Constant": nil,
			"Cosine": {3}, "Step": {2, 0.5}, "Epochs": {3}, "Batch": {2}, "Draw": {2}, "WholeBatches": nil, "Seed": {uint64(7)}, "StopAt": {0.5},
			"Snapshots": {2}, "Validate": {x, x}, "Patience": {3}, "ByLoss": nil, "ByError": nil, "Context": {t.Context()},
			"Progress": {func() any { return trainer.progress }()},
		}},
	} {
		v := reflect.ValueOf(c.of)
		before := v.Elem().Interface()
		for i := range v.NumMethod() {
			m := v.Type().Method(i)
			if m.Type.NumOut() != 1 || m.Type.Out(0) != v.Type() {
				continue // no setter
			}
			args, ok := c.args[m.Name]
			if !ok {
				t.Errorf("%T.%s is not tried here", c.of, m.Name)
				continue
			}
			in := make([]reflect.Value, len(args))
			for k, a := range args {
				in[k] = reflect.ValueOf(a)
			}
			if got := v.Method(i).Call(in)[0]; got.Pointer() == v.Pointer() {
				t.Errorf("%T.%s returns what it was called on", c.of, m.Name)
			}
			if !reflect.DeepEqual(v.Elem().Interface(), before) {
				t.Errorf("%T.%s changes what it was called on", c.of, m.Name)
			}
		}
	}
}
