package charts

import (
	"encoding/json"
	"math"
	"testing"
)

// The legends of a row stand at one height, above frames at one height, however
// many lines they take; a plot that was part of a row keeps nothing of it.
func TestLegendsOfARowLineUp(t *testing.T) {
	many := Lines().Title("many")
	for _, name := range []string{"a rather long name", "another rather long name", "one more rather long name", "and the last of them"} {
		many.Add(name, ramp(3), ramp(3))
	}
	few := func() *Plot { return Lines().Add("a", ramp(3), ramp(3)).Add("b", ramp(3), ramp(3)).Title("few") }
	part := few()
	raw, err := Compose(many, part).Option()
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Grid   []struct{ Top, Height float64 }
		Legend []struct{ Top float64 }
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	if math.Abs(o.Legend[0].Top-o.Legend[1].Top) > 0.2 || math.Abs(o.Grid[0].Top-o.Grid[1].Top) > 0.2 || math.Abs(o.Grid[0].Height-o.Grid[1].Height) > 0.2 {
		t.Errorf("legends %v, frames %v", o.Legend, o.Grid)
	}
	if o.Grid[0].Top-o.Legend[0].Top < 40 {
		t.Errorf("the longer legend takes %g pixels: it should take two lines", o.Grid[0].Top-o.Legend[0].Top)
	}
	alone, err := part.Option()
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := few().Option()
	if err != nil || string(alone) != string(fresh) {
		t.Errorf("after it was part of a row a plot looks different (%v)", err)
	}
}
