package measure

// Classes counts answers by what they should have been. Its zero value is
// ready to use.
type Classes struct {
	table map[[2]string]float64
	all   float64
}

// Add counts one answer.
func (c *Classes) Add(gold, got string) {
	if c.table == nil {
		c.table = map[[2]string]float64{}
	}
	c.table[[2]string{gold, got}]++
	c.all++
}

// Of scores the answers in one class.
func (c *Classes) Of(class string) Found {
	var said, gold float64
	for k, n := range c.table {
		if k[0] == class {
			gold += n
		}
		if k[1] == class {
			said += n
		}
	}
	return found(c.table[[2]string{class, class}], said, gold)
}

// Macro is the mean F1 of classes.
func (c *Classes) Macro(classes ...string) (f1 float64) {
	for _, k := range classes {
		f1 += c.Of(k).F1 / float64(len(classes))
	}
	return f1
}

// Accuracy is the part of the answers that are right; 0 of none.
func (c *Classes) Accuracy() float64 {
	right := 0.0
	for k, n := range c.table {
		if k[0] == k[1] {
			right += n
		}
	}
	return right / max(c.all, 1)
}
