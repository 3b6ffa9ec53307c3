package nn

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

type activationKind uint8

const (
	identityKind activationKind = iota
	reluKind
	leakyKind
	tanhKind
	geluKind
	erfKind
)

// Activation is a function φ applied entry by entry. The zero value is
// Identity. Activations are compared by ==.
type Activation struct {
	kind  activationKind
	slope float64
}

// The activations without a parameter.
var (
	// Identity is φ(a) = a.
	Identity = Activation{kind: identityKind}
	// ReLU is φ(a) = max(a, 0); its derivative at 0 is taken as 0.
	ReLU = Activation{kind: reluKind}
	// Tanh is φ(a) = tanh a.
	Tanh = Activation{kind: tanhKind}
	// GELU is φ(a) = a·Φ(a) with Φ the distribution function of N(0,1), in its
	// exact form ½a(1 + erf(a/√2)) (Hendrycks and Gimpel, 2016).
	GELU = Activation{kind: geluKind}
	// Erf is φ(a) = erf a = (2/√π)∫₀ᵃ exp(−t²) dt.
	Erf = Activation{kind: erfKind}
)

// LeakyReLU is φ(a) = a for a > 0 and slope·a elsewhere; its derivative at 0
// is slope. Build refuses a slope that is not finite.
func LeakyReLU(slope float64) Activation {
	return Activation{kind: leakyKind, slope: slope}
}

var activationNames = [...]string{"identity", "relu", "leaky-relu", "tanh", "gelu", "erf"}

// Name is the activation's name: "identity", "relu", "leaky-relu(0.01)",
// "tanh", "gelu" or "erf".
func (f Activation) Name() string {
	if f.kind == leakyKind {
		return "leaky-relu(" + strconv.FormatFloat(f.slope, 'g', -1, 64) + ")"
	}
	return activationNames[f.kind]
}

// String is Name.
func (f Activation) String() string { return f.Name() }

// ParseActivation is the inverse of Name.
func ParseActivation(name string) (Activation, error) {
	for k, s := range activationNames {
		if s == name && activationKind(k) != leakyKind {
			return Activation{kind: activationKind(k)}, nil
		}
	}
	if s, ok := strings.CutPrefix(name, "leaky-relu("); ok {
		if s, ok = strings.CutSuffix(s, ")"); ok {
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				return LeakyReLU(v), nil
			}
		}
	}
	return Activation{}, fmt.Errorf("nn: no activation is called %q: choose one of identity, relu, leaky-relu(slope), tanh, gelu, erf", name)
}

// GobEncode writes the activation's name.
func (f Activation) GobEncode() ([]byte, error) { return []byte(f.Name()), nil }

// GobDecode reads what GobEncode wrote.
func (f *Activation) GobDecode(b []byte) (err error) {
	*f, err = ParseActivation(string(b))
	return err
}

func (f Activation) check() error {
	if math.IsNaN(f.slope) || math.IsInf(f.slope, 0) {
		return fmt.Errorf("the slope of a leaky ReLU must be finite, not %v", f.slope)
	}
	return nil
}

// costly tells whether the derivative is dear enough to be kept between
// backward passes.
func (f Activation) costly() bool { return f.kind >= tanhKind }

// Value writes φ(a[i]) to dst[i]. dst and a have the same length and may be
// the same slice.
func (f Activation) Value(dst, a []float64) {
	checkSlices(dst, a)
	switch f.kind {
	case identityKind:
		copy(dst, a)
	case reluKind:
		for i, v := range a {
			dst[i] = max(v, 0)
		}
	case leakyKind:
		for i, v := range a {
			if v <= 0 {
				v *= f.slope
			}
			dst[i] = v
		}
	case tanhKind:
		for i, v := range a {
			dst[i] = math.Tanh(v)
		}
	case geluKind:
		for i, v := range a {
			dst[i] = v * normal(v)
		}
	case erfKind:
		for i, v := range a {
			dst[i] = math.Erf(v)
		}
	}
}

// Derivative writes φ'(a[i]) to dst[i]. dst and a have the same length and may
// be the same slice.
func (f Activation) Derivative(dst, a []float64) {
	checkSlices(dst, a)
	switch f.kind {
	case identityKind:
		for i := range dst {
			dst[i] = 1
		}
	case reluKind, leakyKind:
		for i, v := range a {
			if v > 0 {
				dst[i] = 1
			} else {
				dst[i] = f.slope
			}
		}
	case tanhKind:
		for i, v := range a {
			// 1/cosh² keeps its relative accuracy where 1 − tanh² loses it.
			c := math.Cosh(v)
			dst[i] = 1 / (c * c)
		}
	case geluKind:
		for i, v := range a {
			dst[i] = normal(v) + v*math.Exp(-v*v/2)/math.Sqrt(2*math.Pi)
		}
	case erfKind:
		for i, v := range a {
			dst[i] = 2 / math.SqrtPi * math.Exp(-v*v)
		}
	}
}

// normal is the distribution function of N(0,1), accurate in the left tail.
func normal(v float64) float64 { return math.Erfc(-v/math.Sqrt2) / 2 }

// chain multiplies g[i] by φ'(a[i]) for the cheap activations. It writes, and
// does not multiply by, the zeros of a ReLU, as Derivative would have it for
// finite g.
func (f Activation) chain(dst, g, a []float64) {
	switch f.kind {
	case identityKind:
		copy(dst, g)
	case reluKind:
		for i, v := range g {
			if !(a[i] > 0) {
				v = 0
			}
			dst[i] = v
		}
	default:
		for i, v := range g {
			if !(a[i] > 0) {
				v *= f.slope
			}
			dst[i] = v
		}
	}
}

func checkSlices(dst, a []float64) {
	if len(dst) != len(a) {
		panic(fmt.Sprintf("nn: activation of %d values into %d", len(a), len(dst)))
	}
}
