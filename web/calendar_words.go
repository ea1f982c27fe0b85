package web

// tallyWords tells how the week stands against the cadence.
func tallyWords(v *visit, t tally) string {
	planned := v.T("calendar.planned", "n", t.Planned)
	if t.Wanted == 0 {
		return planned + v.T("calendar.stop")
	}
	said := v.T("calendar.of_wanted", "planned", planned, "wanted", t.Wanted)
	switch {
	case t.Free > 0:
		return said + " " + v.T("calendar.free_left", "n", t.Free)
	case t.Planned >= t.Wanted:
		return said + " " + v.T("calendar.full")
	}
	return said + " " + v.T("calendar.no_free")
}
