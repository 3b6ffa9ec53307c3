package nn

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// Segment is the straight line θ(t) = (1−t)θ₀ + tθ between the parameters of
// two networks of one architecture, along which the average tangent features
// of the paper's eq. (2) are taken.
type Segment struct{ From, To *Network }

// At is the network at t; t = 0 gives From and t = 1 gives To, to the bit. It
// panics when the architectures differ. t may lie outside [0, 1].
func (s Segment) At(t float64) *Network {
	s.check()
	theta := make([]float64, len(s.From.theta))
	for i, v := range s.From.theta {
		theta[i] = (1-t)*v + t*s.To.theta[i]
	}
	return s.From.over(theta)
}

// Displacement is θ − θ₀, of length P.
func (s Segment) Displacement() []float64 {
	s.check()
	d := make([]float64, len(s.From.theta))
	for i, v := range s.From.theta {
		d[i] = s.To.theta[i] - v
	}
	return d
}

// Fingerprint names the segment by its two ends.
func (s Segment) Fingerprint() string {
	return fingerprint.New("nn.Segment/1").String(s.From.Fingerprint()).String(s.To.Fingerprint()).Sum()
}

func (s Segment) check() {
	if !s.From.SameArchitecture(s.To) {
		panic(fmt.Sprintf("nn: a segment from %v to %v: the architectures differ", s.From, s.To))
	}
}
