package web

import "time"

// zoneOptions lists the zones one can choose: Canada's from east to west, and
// the one in force when it is another.
func zoneOptions(v *visit, now string) []option {
	names := []struct{ zone, key string }{
		{"America/Toronto", "zone.toronto"}, {"America/Blanc-Sablon", "zone.blanc_sablon"},
		{"America/Halifax", "zone.halifax"}, {"America/St_Johns", "zone.st_johns"},
		{"America/Winnipeg", "zone.winnipeg"}, {"America/Regina", "zone.regina"},
		{"America/Edmonton", "zone.edmonton"}, {"America/Vancouver", "zone.vancouver"},
		{"America/Whitehorse", "zone.whitehorse"}, {"UTC", "zone.utc"},
	}
	var out []option
	known := now == ""
	for _, n := range names {
		out = append(out, option{Value: n.zone, Label: v.T(n.key)})
		known = known || n.zone == now
	}
	if !known {
		out = append(out, option{Value: now, Label: now})
	}
	return out
}

// isZone tells whether name is a zone this machine knows.
func isZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// localeOptions lists the languages, each in its own words.
func localeOptions() []option {
	return []option{{Value: "fr", Label: "Français"}, {Value: "en", Label: "English"}}
}
