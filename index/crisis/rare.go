package crisis

import "math"

// tail is the probability of seeing x events or more in an exposure w, when n
// events were seen in an exposure t and the rate has a Gamma prior of that
// shape: a negative binomial whose shape is also bounded by k, the clumping of
// the history (math.Inf(1) when its events come one by one). Events are
// weighted, so x and n need not be whole. 1 when x is 0.
//
// Source: Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6; its tail is a
// regularised incomplete beta function, Abramowitz and Stegun 26.5.24.
func tail(x, w, n, t, k float64) float64 {
	if x <= 0 || w <= 0 {
		return 1
	}
	if t <= 0 {
		return 1
	}
	mean := n / t * w
	shape := math.Min(n, k)
	return betaInc(x, shape, mean/(mean+shape))
}

// betaInc is the regularised incomplete beta function I_x(a,b), by its
// continued fraction.
//
// Source: Press et al., Numerical Recipes, 3rd ed., §6.4, modified Lentz.
func betaInc(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log(1-x))
	if x < (a+1)/(a+b+2) {
		return front * fraction(a, b, x) / a
	}
	return 1 - front*fraction(b, a, 1-x)/b
}

// fraction is the continued fraction of betaInc.
func fraction(a, b, x float64) float64 {
	const tiny, eps = 1e-300, 1e-12
	away := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; m <= 300; m++ {
		num := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / away(1+num*d)
		c = away(1 + num/c)
		h *= d * c
		num = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / away(1+num*d)
		c = away(1 + num/c)
		step := d * c
		h *= step
		if math.Abs(step-1) < eps {
			break
		}
	}
	return h
}

// clumping is the shape of a Gamma that gives weekly counts their spread
// beyond Poisson, by moments: mean²/(variance−mean). +Inf when they spread no
// more than Poisson, or with fewer than 4 weeks.
func clumping(weeks []float64) float64 {
	if len(weeks) < 4 {
		return math.Inf(1)
	}
	n := float64(len(weeks))
	mean, sq := 0.0, 0.0
	for _, x := range weeks {
		mean += x / n
	}
	for _, x := range weeks {
		sq += (x - mean) * (x - mean) / (n - 1)
	}
	if mean <= 0 || sq <= mean {
		return math.Inf(1)
	}
	return mean * mean / (sq - mean)
}
