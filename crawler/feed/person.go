package feed

import (
	"cmp"
	"slices"
	"strings"
)

// person reads any of the ways feeds write an author on one line: "a@b (Name)",
// "Name (a@b)", "Name <a@b>", "Name a@b", "a@b".
func person(s string) Person {
	var p Person
	var rest []string
	for f := range strings.FieldsSeq(line(strings.NewReplacer("<", " ", ">", " ", "(", " ", ")", " ", "&lt;", " ", "&gt;", " ").Replace(s), maxTitle)) {
		f = strings.TrimPrefix(f, "mailto:")
		if p.Email == "" && isEmail(f) {
			p.Email = f
			continue
		}
		rest = append(rest, f)
	}
	if p.Email == "" { // parentheses are part of the name
		return Person{Name: line(s, maxTitle)}
	}
	p.Name = strings.Join(rest, " ")
	return p
}

// isEmail tells an address of mail from a word.
func isEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, "/:,;")
}

// Called is what a person is called: the name, else the mail or web address.
func (p Person) Called() string { return cmp.Or(p.Name, p.Email, p.URL) }

// several gathers texts without blanks or repeats, in order.
type several []string

func (l *several) add(s string) {
	if s != "" && len(*l) < maxEach && !slices.Contains(*l, s) {
		*l = append(*l, s)
	}
}

// people gathers authors without blanks or repeats, in order.
type people []Person

func (l *people) add(p Person) {
	if p == (Person{}) || len(*l) >= maxEach || slices.ContainsFunc(*l, func(q Person) bool { return p == q || p.Email == "" && p.URL == "" && p.Name == q.Name }) {
		return
	}
	*l = append(*l, p)
}

// filed gathers categories without blanks or repeats, in order.
type filed []Category

func (l *filed) add(c Category) {
	if c.Label == c.Term {
		c.Label = ""
	}
	if c.Term == "" {
		c.Term, c.Label = c.Label, ""
	}
	if c.Term != "" && len(*l) < maxEach && !slices.Contains(*l, c) {
		*l = append(*l, c)
	}
}

func (l *filed) term(s string) { l.add(Category{Term: line(s, maxTitle)}) }
