package measure

// BCubed scores a grouping, got[i] being the group the i-th thing was put in
// and gold[i] the one it belongs to: for each thing, the part of its group
// that belongs with it, and the part of what belongs with it that is in its
// group, both averaged over things.
//
// Source: Bagga and Baldwin, Entity-based cross-document coreferencing using
// the vector space model, 1998.
func BCubed(got, gold []string) (f Found) {
	type pair struct{ got, gold string }
	ours, theirs, both := map[string]float64{}, map[string]float64{}, map[pair]float64{}
	for i := range got {
		ours[got[i]]++
		theirs[gold[i]]++
		both[pair{got[i], gold[i]}]++
	}
	n := float64(len(got))
	for i := range got {
		b := both[pair{got[i], gold[i]}]
		f.Precision += b / ours[got[i]] / n
		f.Recall += b / theirs[gold[i]] / n
	}
	f.F1 = harmonic(f.Precision, f.Recall)
	return f
}

// Pairs scores a grouping by the pairs of things it puts together; those for
// which counts is false are not looked at, and nil counts them all.
func Pairs(got, gold []string, counts func(i, j int) bool) Found {
	var right, said, want float64
	for i := range got {
		for j := range i {
			if counts != nil && !counts(i, j) {
				continue
			}
			a, b := got[i] == got[j], gold[i] == gold[j]
			if a {
				said++
			}
			if b {
				want++
			}
			if a && b {
				right++
			}
		}
	}
	return found(right, said, want)
}
