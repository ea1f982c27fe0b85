package dedup

import (
	"math"
	"slices"

	"veilleur/index/text"
)

// run is how many words make a run.
const run = 4

// A scratch is the working memory of a Window, reused from entry to entry.
type scratch struct {
	toks  []text.Token
	words []uint64
	all   []uint32
}

// imprint makes the fingerprint of an entry: of its text, or of its title when
// it has no text. The title is left out otherwise, for it is what reprints
// change first.
func (s *scratch) imprint(d Doc) imprint {
	src := d.Text
	if src == "" {
		src = d.Title
	}
	s.toks = text.AppendTokens(s.toks[:0], "", src)
	s.words = s.words[:0]
	for _, t := range s.toks {
		s.words = append(s.words, hash(t.Exact))
	}
	s.all = s.all[:0]
	for i := 0; i+run <= len(s.words); i++ {
		h := uint64(0)
		for _, w := range s.words[i : i+run] {
			h = mix(h ^ w)
		}
		s.all = append(s.all, uint32(h>>32))
	}
	if n := len(s.words); n > 0 && n < run { // a text of one to three words is one run
		h := uint64(n)
		for _, w := range s.words {
			h = mix(h ^ w)
		}
		s.all = append(s.all, uint32(h>>32))
	}
	slices.Sort(s.all)
	all := slices.Compact(s.all)
	return imprint{id: d.ID, at: d.At, runs: sketch(all), keys: keysOf(all)}
}

// keysOf gives one key for each band, made of its minima.
func keysOf(runs []uint32) (keys [bands]uint32) {
	var low [hashes]uint32
	for i := range low {
		low[i] = math.MaxUint32
	}
	for _, r := range runs {
		x := mix(uint64(r))
		step := mix(x) | 1
		for i := range low {
			low[i] = min(low[i], uint32(x>>32))
			x += step
		}
	}
	const rows = hashes / bands
	for b := range keys {
		key := uint64(0)
		for _, m := range low[b*rows : (b+1)*rows] {
			key = mix(key<<32 | uint64(m))
		}
		keys[b] = uint32(key)
	}
	return keys
}

// hash is the same in every process: FNV-1a, 64 bits.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix is the finaliser of SplitMix64.
//
// Source: Steele, Lea and Flood, Fast splittable pseudorandom number
// generators, 2014.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
