package tone

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"sync"

	"veilleur/internal/veille"
)

//go:embed weights.bin
var weightsFile []byte

// The classes of a Model, in order.
const (
	Negative = iota
	Neutral
	Positive
	classes
)

// A Model tells the tone of passages of one language. It is a softmax
// regression over grams, whose answer joins the counts of Features in a second,
// small softmax regression. Trained offline by internal/train.
//
// Source: Wang and Manning, Baselines and Bigrams, ACL 2012, for the grams;
// Wolpert, Stacked generalization, Neural Networks 5(2), 1992, for the second
// regression, which keeps what lexicons know from drowning in what a few
// thousand sentences taught.
type Model struct {
	// Grams holds the weight of each class for a gram, in units of Unit.
	Grams map[uint32][classes]int8
	Unit  float32
	// Priors is the polarity of single words learned from lexicons, ±127 for ±1.
	Priors map[uint32]int8
	// Final weighs, for each class: the counts, the three answers of the grams,
	// and 1.
	Final [classes][Dense + classes + 1]float32
}

// models are the shipped ones, decoded once. A bad file is a fault of the
// binary: it panics.
var models = sync.OnceValue(func() map[string]*Model {
	rest, out := weightsFile, map[string]*Model{}
	for _, lang := range []string{"en", "fr"} {
		m, n, err := decode(rest)
		if err != nil {
			panic("tone: weights.bin: " + err.Error())
		}
		out[lang], rest = m, rest[n:]
	}
	return out
})

func (m *Model) prior(word string) float64 { return float64(m.Priors[Hash(word)]) / 127 }

// Sum gives what the grams say of each class.
func (m *Model) Sum(grams []uint32) (out [classes]float64) {
	if len(grams) == 0 {
		return out
	}
	for _, g := range grams {
		if w, ok := m.Grams[g]; ok {
			for c := range out {
				out[c] += float64(w[c])
			}
		}
	}
	f := float64(m.Unit) / math.Sqrt(float64(len(grams)))
	for c := range out {
		out[c] *= f
	}
	return out
}

// Chances gives the chance of each class; they sum to 1.
func (m *Model) Chances(f *Features) [classes]float64 {
	x := Inputs(f, m.Sum(f.Grams))
	var z [classes]float64
	for c := range z {
		for i, w := range m.Final[c] {
			z[c] += float64(w) * x[i]
		}
	}
	return Softmax(z)
}

// Inputs joins counts, answers of the grams and the constant for Final.
func Inputs(f *Features, sum [classes]float64) (x [Dense + classes + 1]float64) {
	copy(x[:], f.Counts[:])
	copy(x[Dense:], sum[:])
	x[Dense+classes] = 1
	return x
}

// Softmax turns weights of evidence into chances.
func Softmax(z [classes]float64) [classes]float64 {
	top, sum := max(z[0], z[1], z[2]), 0.0
	for c := range z {
		z[c] = math.Exp(z[c] - top)
		sum += z[c]
	}
	for c := range z {
		z[c] /= sum
	}
	return z
}

// pull is how much one gram moves the answer from bad to good.
func (m *Model) pull(gram uint32, grams int) float64 {
	w, ok := m.Grams[gram]
	if !ok {
		return 0
	}
	z := 0.0
	for c, v := range w {
		z += float64(v) * float64(m.Final[Positive][Dense+c]-m.Final[Negative][Dense+c])
	}
	return z * float64(m.Unit) / math.Sqrt(float64(grams))
}

// telling is the least weight at which a learned word is shown.
const telling = .15

// taught are the words of a passage, besides those of the lexicon, that the
// model holds for good or bad, each with its weight in [-1,1].
func (m *Model) taught(p *passage, f *Features) []veille.ToneWord {
	const good, bad = 4, 5 // where Counts has the priors
	var out []veille.ToneWord
	for _, w := range p.priors {
		i := good
		if w.Weight < 0 {
			i = bad
		}
		z := math.Abs(w.Weight) * float64(m.Final[Positive][i]-m.Final[Negative][i])
		if z*w.Weight > 0 {
			out = append(out, veille.ToneWord{Word: w.Word, Weight: round(math.Tanh(z / 2))})
		}
	}
	for _, t := range p.toks {
		if z := math.Tanh(m.pull(Hash(t.Exact), len(f.Grams)) / 2); math.Abs(z) >= telling {
			out = append(out, veille.ToneWord{Word: p.s[t.Start:t.End], Weight: round(z)})
		}
	}
	return out
}

func round(x float64) float64 { return math.Round(100*x) / 100 }

// AppendBinary appends a model as weights.bin holds it: little-endian, keys in
// order, so that equal models are equal bytes. It never fails.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	le := binary.LittleEndian
	b = le.AppendUint32(b, math.Float32bits(m.Unit))
	for _, row := range m.Final {
		for _, w := range row {
			b = le.AppendUint32(b, math.Float32bits(w))
		}
	}
	b = le.AppendUint32(b, uint32(len(m.Grams)))
	for _, h := range sorted(m.Grams) {
		w := m.Grams[h]
		b = append(le.AppendUint32(b, h), byte(w[0]), byte(w[1]), byte(w[2]))
	}
	b = le.AppendUint32(b, uint32(len(m.Priors)))
	for _, h := range sorted(m.Priors) {
		b = append(le.AppendUint32(b, h), byte(m.Priors[h]))
	}
	return b, nil
}

func sorted[V any](m map[uint32]V) []uint32 {
	keys := make([]uint32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// decode reads one model, and tells how many bytes it took.
func decode(b []byte) (*Model, int, error) {
	const head = 4 * (1 + classes*(Dense+classes+1))
	le, errCut := binary.LittleEndian, errors.New("cut short")
	if len(b) < head+4 {
		return nil, 0, errCut
	}
	m, at := &Model{}, 0
	next := func() uint32 { at += 4; return le.Uint32(b[at-4:]) }
	m.Unit = math.Float32frombits(next())
	for c := range m.Final {
		for i := range m.Final[c] {
			m.Final[c][i] = math.Float32frombits(next())
		}
	}
	n := int(next())
	if len(b) < at+7*n+4 {
		return nil, 0, errCut
	}
	m.Grams = make(map[uint32][classes]int8, n)
	for range n {
		h := next()
		m.Grams[h] = [classes]int8{int8(b[at]), int8(b[at+1]), int8(b[at+2])}
		at += 3
	}
	n = int(next())
	if len(b) < at+5*n {
		return nil, 0, errCut
	}
	m.Priors = make(map[uint32]int8, n)
	for range n {
		h := next()
		m.Priors[h] = int8(b[at])
		at++
	}
	return m, at, nil
}
