// Package measure scores what Veilleur says of texts and of time against what
// people said: groups (BCubed, pairs), classes (F1), phrases (F1@k, P@k),
// spikes (the Numenta Anomaly Benchmark) and crises (replays).
//
// It reads no file and knows nothing of what it scores: the tests of index and
// internal/quality, which prints the table of docs/signals.md, give it labels
// and answers. Every figure is in [0,1] unless it says otherwise.
package measure

// A Found tells how much of what was said is right, and how much of what is
// right was said.
type Found struct{ Precision, Recall, F1 float64 }

// found counts what was rightly said, said, and to be said. Of nothing, every
// figure is 0.
func found(right, said, gold float64) (f Found) {
	if said > 0 {
		f.Precision = right / said
	}
	if gold > 0 {
		f.Recall = right / gold
	}
	f.F1 = harmonic(f.Precision, f.Recall)
	return f
}

func harmonic(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}
