package feed

import "strings"

// A reference is an address or a part of one. Source: RFC 3986 §3, appendix B.
// What is not ASCII stays as it is written.
type reference struct {
	scheme, authority, path, query, fragment string // with their signs: "http:", "//host", "/a", "?q", "#f"
}

func parseReference(s string) (r reference) {
	if i := strings.IndexAny(s, ":/?#"); i > 0 && s[i] == ':' && isScheme(s[:i]) {
		r.scheme, s = s[:i+1], s[i+1:]
	}
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s, r.fragment = s[:i], s[i:]
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, r.query = s[:i], s[i:]
	}
	if strings.HasPrefix(s, "//") {
		end := strings.IndexByte(s[2:], '/') + 2
		if end < 2 {
			end = len(s)
		}
		r.authority, s = s[:end], s[end:]
	}
	r.path = s
	return r
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || i > 0 && ('0' <= s[i] && s[i] <= '9' || strings.IndexByte("+-.", s[i]) >= 0)) {
			return false
		}
	}
	return true
}

func (r reference) String() string { return r.scheme + r.authority + r.path + r.query + r.fragment }

// resolve makes a reference absolute; it is given back when the base is not.
// Source: RFC 3986 §5.2.
func resolve(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if base == "" {
		return ref
	}
	r := parseReference(ref)
	if r.scheme != "" {
		return ref
	}
	b := parseReference(strings.TrimSpace(base))
	switch {
	case r.authority != "":
		r.path = withoutDots(r.path)
	case r.path == "":
		r.authority, r.path = b.authority, b.path
		if r.query == "" {
			r.query = b.query
		}
	default:
		r.authority = b.authority
		if r.path[0] != '/' {
			r.path = merged(b, r.path)
		}
		r.path = withoutDots(r.path)
	}
	r.scheme = b.scheme
	return r.String()
}

// merged puts a relative path beside that of the base. Source: RFC 3986 §5.2.3.
func merged(b reference, path string) string {
	if b.authority != "" && b.path == "" {
		return "/" + path
	}
	return b.path[:strings.LastIndexByte(b.path, '/')+1] + path
}

// withoutDots goes up and stays where .. and . say. Source: RFC 3986 §5.2.4.
func withoutDots(path string) string {
	if !strings.Contains(path, ".") {
		return path
	}
	rooted := strings.HasPrefix(path, "/")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	out := segments[:0]
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == "..":
			if n := len(out); n > 0 && out[n-1] != ".." {
				out = out[:n-1]
			} else if !rooted {
				out = append(out, s)
			}
		case s != ".":
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	if rooted {
		return "/" + strings.Join(out, "/")
	}
	return strings.Join(out, "/")
}
