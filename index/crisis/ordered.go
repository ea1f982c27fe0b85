package crisis

import (
	"slices"
	"time"
)

// An ordered is a set of values, kept in rising order.
type ordered []float64

func (o *ordered) add(x float64) {
	i, _ := slices.BinarySearch(*o, x)
	*o = slices.Insert(*o, i, x)
}

// drop takes out one value equal to x.
func (o *ordered) drop(x float64) {
	if i, found := slices.BinarySearch(*o, x); found {
		*o = slices.Delete(*o, i, i+1)
	}
}

// median is the middle value, 0 of none.
func (o ordered) median() float64 {
	if len(o) == 0 {
		return 0
	}
	return o[len(o)/2]
}

// rise is how far x stands above the median, in units of the mean of the
// highest values.
func (o ordered) rise(x float64) float64 {
	n := max(1, int(summit*float64(len(o))))
	top := 0.0
	for _, y := range o[len(o)-n:] {
		top += y
	}
	return (x - o.median()) / max(leastRise, top/float64(n)-o.median())
}

// at gives the first reading from i on that is not before t.
func (v *Volume) at(i int, t time.Time) int {
	n, _ := slices.BinarySearchFunc(v.past[i:], t, func(c count, t time.Time) int { return c.at.Compare(t) })
	return i + n
}
