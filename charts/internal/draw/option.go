package draw

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// dict is a piece of an ECharts option.
type dict map[string]any

// num is a number of an option: seven significant digits, and null, which
// ECharts draws as a gap, for NaN and the infinities, which JSON lacks.
type num float64

// MarshalJSON writes the number.
func (v num) MarshalJSON() ([]byte, error) {
	f := float64(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	if f == 0 {
		return []byte("0"), nil
	}
	return strconv.AppendFloat(nil, f, 'g', 7, 64), nil
}

// exact is a number with all its digits.
type exact float64

// MarshalJSON writes the number; null where num does.
func (v exact) MarshalJSON() ([]byte, error) {
	if f := float64(v); Finite(f) && f != 0 {
		return strconv.AppendFloat(nil, f, 'g', -1, 64), nil
	}
	return num(v).MarshalJSON()
}

// pair is one point of a series.
type pair [2]any

// gap separates two pieces of a line.
var gap = pair{nil, nil}

// with turns a go-echarts option (or a dict) into a dict and lays more fields
// over it: go-echarts leaves out zero values and knows only a part of ECharts.
func with(option any, more dict) dict {
	out := dict{}
	if d, ok := option.(dict); ok {
		for k, v := range d {
			out[k] = v
		}
	} else {
		raw, err := json.Marshal(option)
		if err == nil {
			err = json.Unmarshal(raw, &out)
		}
		if err != nil {
			// Only our own constants come here, so this is a slip in this package.
			panic(fmt.Sprintf("charts: option %T: %v", option, err))
		}
	}
	for k, v := range more {
		if inner, ok := v.(dict); ok {
			if old, ok := out[k].(map[string]any); ok {
				out[k] = with(dict(old), inner)
				continue
			}
			if old, ok := out[k].(dict); ok {
				out[k] = with(old, inner)
				continue
			}
		}
		out[k] = v
	}
	return out
}
