package nn

import "fmt"

// stackShape is what lies between two layers of a stack: an image, or a vector of
// height numbers.
type stackShape struct {
	vector                  bool
	height, width, channels int
}

func (s stackShape) numbers() int {
	if s.vector {
		return s.height
	}
	return s.height * s.width * s.channels
}

func (s stackShape) String() string {
	if s.vector {
		return fmt.Sprintf("a vector of %d numbers", s.height)
	}
	return fmt.Sprintf("images of %d × %d × %d", s.height, s.width, s.channels)
}

// layers gives every layer its sizes.
func (s *Stack) layers() ([]Layer, error) {
	now := stackShape{height: s.height, width: s.width, channels: s.channels}
	// A product of the three may overflow; the first window checks it again.
	if s.height < 1 || s.width < 1 || s.channels < 1 || float64(s.height)*float64(s.width)*float64(s.channels) > maxParams {
		return nil, fmt.Errorf("nn: Images(%d, %d, %d): height, width and channels must be positive, and their product at most %.0e", s.height, s.width, s.channels, float64(maxParams))
	}
	var layers []Layer
	shapes := []stackShape{now} // what each layer reads
	for _, step := range s.steps {
		if step.flatten {
			if now.vector {
				return nil, fmt.Errorf("nn: Flatten after %d layers: there is %v already", len(layers), now)
			}
			now = stackShape{vector: true, height: now.numbers()}
			shapes[len(layers)] = now
			continue
		}
		where := fmt.Sprintf("nn: the %s layer, %s,", ordinal(len(layers)+1), step.call)
		l, next, err := step.sized(s, now)
		if err != nil {
			return nil, fmt.Errorf("%s %w", where, err)
		}
		layers, shapes = append(layers, l), append(shapes, next)
		if at := len(layers) - 1; l.Residual && shapes[l.source(at)] != next {
			return nil, fmt.Errorf("%s ends a residual block that turns %v into %v: both must have the same shape", where, shapes[l.source(at)], next)
		}
		now = next
	}
	if len(layers) == 0 {
		return nil, fmt.Errorf("nn: the network of Images(%d, %d, %d) has no layers", s.height, s.width, s.channels)
	}
	if last := layers[len(layers)-1]; last.Activation != Identity || last.Residual {
		return nil, fmt.Errorf("nn: the %s layer, %s, is the last and has an activation or ends a residual block: the losses apply their own, add a Dense layer for the outputs", ordinal(len(layers)), s.lastCall())
	}
	return layers, nil
}

// ordinal is 1st, 2nd, and so on.
func ordinal(n int) string {
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return fmt.Sprint(n) + end
}

func (s *Stack) lastCall() string { return s.steps[len(s.steps)-1].call }

// sized is the step's layer when it reads what now is, and what it gives.
func (step stackStep) sized(s *Stack, now stackShape) (l Layer, next stackShape, err error) {
	l, next = step.layer, now
	l.In = now.numbers()
	fan := l.In // of an output
	switch l.Kind {
	case Dense:
		if !now.vector {
			return l, next, fmt.Errorf("reads %v: call Flatten before it", now)
		}
		if step.units < 1 {
			return l, next, fmt.Errorf("has %d outputs: it needs one at least", step.units)
		}
		next.height = step.units
	case Conv, AvgPool, MaxPool:
		if now.vector {
			return l, next, fmt.Errorf("reads %v: it must stand before Flatten", now)
		}
		l.Window.Height, l.Window.Width, l.Window.Channels = now.height, now.width, now.channels
		if l.Kind == Conv && l.Window.Filters < 1 {
			return l, next, fmt.Errorf("has %d filters: it needs one at least", l.Window.Filters)
		}
		if err := l.Window.grid().Check(); err != nil {
			return l, next, err
		}
		fan = l.Window.grid().Patch()
		next.height, next.width, next.channels = l.Window.Out()
		if float64(next.height)*float64(next.width)*float64(next.channels) > maxParams {
			return l, next, fmt.Errorf("gives %v: more than %.0e numbers", next, float64(maxParams))
		}
	}
	l.Out = next.numbers()
	if l.Kind == Dense || l.Kind == Conv {
		s.scale(&l, fan)
	}
	if err := l.kind().check(l); err != nil {
		return l, next, err
	}
	if err := l.Activation.check(); err != nil {
		return l, next, fmt.Errorf("has an activation that does not work: %w", err)
	}
	return l, next, nil
}
