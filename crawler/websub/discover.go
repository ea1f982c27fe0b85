package websub

import (
	"net/url"
	"strings"
)

// Discover finds the hub of a feed and the topic to ask it for: in the Link
// headers of the answer first, else in the feed itself. base is where the feed
// came from. Both are "" when one of them is missing or no web address.
// Source: WebSub §4.
func Discover(links []string, base string, hubs []string, self string) (hub, topic string) {
	for _, l := range links {
		for target, rels := range parseLinks(l) {
			for _, rel := range rels {
				switch {
				case strings.EqualFold(rel, "hub") && hub == "":
					hub = target
				case strings.EqualFold(rel, "self") && topic == "":
					topic = target
				}
			}
		}
	}
	if hub == "" && len(hubs) > 0 {
		hub = hubs[0]
	}
	if topic == "" {
		topic = self
	}
	hub, topic = absolute(base, hub), absolute(base, topic)
	if hub == "" || topic == "" {
		return "", ""
	}
	return hub, topic
}

func absolute(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil || ref == "" {
		return ""
	}
	u, err := b.Parse(ref)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// parseLinks gives the targets of a Link header and their relations, in order.
// Source: RFC 8288 §3.
func parseLinks(header string) func(func(string, []string) bool) {
	return func(yield func(string, []string) bool) {
		for header != "" {
			_, rest, ok := strings.Cut(header, "<")
			target, rest, closed := strings.Cut(rest, ">")
			if !ok || !closed {
				return
			}
			var params string
			params, header = untilComma(rest)
			if !yield(strings.TrimSpace(target), relations(params)) {
				return
			}
		}
	}
}

// untilComma parts a text at its first comma outside quotes.
func untilComma(s string) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func relations(params string) []string {
	for p := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(p, "=")
		if ok && strings.EqualFold(strings.TrimSpace(name), "rel") {
			return strings.Fields(strings.Trim(strings.TrimSpace(value), `"`))
		}
	}
	return nil
}
