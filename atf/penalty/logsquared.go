package penalty

import "math"

// logSquared is ω(s) = λ(log s)².
type logSquared struct{ Lambda float64 }

// LogSquared is ω(s) = λ(log s)², λ > 0. With x = log η(v), x·e^{2x} = v²/λ, so
// 2x = W(2v²/λ) with Lambert's W, and ω̃(v) = λx(1+x), which is not convex;
// ω̃*(z) is finite at z = 0 only.
func LogSquared(lambda float64) Penalty {
	if err := checkScale("LogSquared", lambda); err != nil {
		return invalid{err.Error()}
	}
	return logSquared{lambda}
}

func (p logSquared) Name() string          { return label(p.Lambda, "(log s)²") }
func (p logSquared) Fingerprint() string   { return sign("logsquared", p.Lambda) }
func (p logSquared) Validate() error       { return checkScale("LogSquared", p.Lambda) }
func (p logSquared) Minimum() float64      { return 1 }
func (p logSquared) ConvexEffective() bool { return false }

func (p logSquared) cost(e float64) float64 {
	x := math.Log1p(e)
	return p.Lambda * x * x
}

func (p logSquared) rise(e float64) float64 { return 2 * p.Lambda * math.Log1p(e) / (1 + e) }

func (p logSquared) Value(s float64) float64 {
	if s < 0 {
		return math.Inf(1)
	}
	x := math.Log(s)
	return p.Lambda * x * x
}

func (p logSquared) Slope(s float64) float64 { return 2 * p.Lambda * math.Log(s) / s }

// logEta is log η(v).
func (p logSquared) logEta(v float64) float64 {
	w := math.Abs(v) / math.Sqrt(p.Lambda)
	if w == 0 || math.IsInf(w, 1) || math.IsNaN(w) {
		return w
	}
	level := 2 * math.Log(w)
	x := w * w
	switch {
	case w < 1e-100:
		return x
	case w > 1e100:
		x = level / 2
	case x > 1e-8:
		x = math.Log1p(2*x) / 2
	}
	for range 60 {
		step := (math.Log(x) - level + 2*x) / (1 + 2*x)
		x -= step * x
		if !(math.Abs(step) > 1e-8) {
			break
		}
	}
	return x
}

func (p logSquared) Excess(v float64) float64 { return math.Expm1(p.logEta(v)) }

func (p logSquared) Effective(v float64) float64 {
	x := p.logEta(v)
	return p.Lambda * x * (1 + x)
}

func (p logSquared) EffectiveSlope(v float64) float64 {
	return 2 * v * math.Exp(-2*p.logEta(v))
}

func (p logSquared) Conjugate(z float64) (float64, bool) { return onlyAtZero(z) }

// atMultiplier solves s·ω'(s) = m: log s = m/(2λ).
func (p logSquared) atMultiplier(m float64) (x, e, elasticity float64) {
	x = m / (2 * p.Lambda)
	return x, math.Expm1(x), x
}

func (p logSquared) elasticityLimit() float64 { return math.Inf(1) }
