package main

import "veilleur/index/tone"

// An answer is what was said of a text, and what should have been.
type answer struct {
	Gold  string `json:"gold"` // negative, neutral or positive
	Label string `json:"label"`
}

// unseen reads each fifth of the news with a model that learned from the other
// four: the shipped one has seen all of it.
func unseen(data string, tell func(answer) error) error {
	m, n, x, w, err := englishLessons(data)
	if err != nil {
		return err
	}
	for k := range uint32(folds) {
		var learn, left []lesson
		for _, l := range n {
			if tone.Hash("apart"+l.text)%folds == k {
				left = append(left, l)
			} else {
				learn = append(learn, l)
			}
		}
		school(m, learn, x, w)
		for _, l := range left {
			if err := tell(answer{className(l.class), className(likeliest(m, l))}); err != nil {
				return err
			}
		}
	}
	return nil
}

func likeliest(m *tone.Model, l lesson) int {
	p := m.Chances(&l.f)
	best := tone.Negative
	for c := range p {
		if p[c] > p[best] {
			best = c
		}
	}
	return best
}

func className(class int) string {
	switch class {
	case tone.Negative:
		return "negative"
	case tone.Positive:
		return "positive"
	}
	return "neutral"
}
