package main

import (
	"math"
	"math/rand/v2"

	"veilleur/index/tone"
)

const classes = 3

// A row is what is known of one example: which inputs it has and how much.
type row struct {
	at    []int
	x     []float64
	class int
	times float64
}

// fit trains a softmax regression of n inputs by AdaGrad (Duchi, Hazan and
// Singer, JMLR 12, 2011), in a fixed order. decay pulls each weight an example
// touches towards 0.
func fit(rows []row, n, rounds int, decay float64) [][classes]float64 {
	const rate, start = .2, 1e-3
	w, g2 := make([][classes]float64, n), make([][classes]float64, n)
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	chance := rand.New(rand.NewPCG(2026, 11))
	for range rounds {
		chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, o := range order {
			r := rows[o]
			p := tone.Softmax(r.sum(w))
			p[r.class]--
			for k, i := range r.at {
				for c := range p {
					d := p[c]*r.x[k]*r.times + decay*r.times*w[i][c]
					g2[i][c] += d * d
					w[i][c] -= rate * d / math.Sqrt(start+g2[i][c])
				}
			}
		}
	}
	return w
}

func (r row) sum(w [][classes]float64) (z [classes]float64) {
	for k, i := range r.at {
		for c := range z {
			z[c] += w[i][c] * r.x[k]
		}
	}
	return z
}
