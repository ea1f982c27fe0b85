package robots

import (
	"strings"
	"testing"
	"testing/quick"
)

const us = "User-agent: Veilleur\n"

// cases are ours, in the spirit of those of RFC 9309's authors: each says what
// a file does to one address.
var cases = []struct {
	name, file, path string
	allow            bool
}{
	{"an empty file allows all", "", "/a", true},
	{"a file of comments allows all", "# rien\n#Disallow: /\n", "/a", true},
	{"a rule before any group is nobody's", "Disallow: /\n" + us + "Disallow: /b\n", "/a", true},
	{"a group of ours", us + "Disallow: /a", "/a", false},
	{"a rule is a prefix", us + "Disallow: /a", "/abc/d?e", false},
	{"a prefix is case-sensitive", us + "Disallow: /A", "/a", true},
	{"another path is not touched", us + "Disallow: /a", "/b", true},
	{"everybody includes us", "User-agent: *\nDisallow: /a", "/a", false},
	{"everybody does not count when we are named", "User-agent: *\nDisallow: /\n" + us + "Disallow: /a", "/b", true},
	{"nor when our group is empty", us + "\nUser-agent: *\nDisallow: /a", "/a", false}, // one group of two names
	{"our group may have no rule at all", us + "Disallow:\n\nUser-agent: *\nDisallow: /a", "/a", true},
	{"another reader's group is not ours", "User-agent: Autre\nDisallow: /", "/a", true},
	{"the name has no case", "user-agent: vEILLEUR\ndisallow: /a", "/a", false},
	{"the name may bear a version", "User-agent: Veilleur/2.1\nDisallow: /a", "/a", false},
	{"a longer name is another", "User-agent: VeilleurImages\nDisallow: /", "/a", true},
	{"a hyphen belongs to a name", "User-agent: Veilleur-Images\nDisallow: /", "/a", true},
	{"a shorter name is another", "User-agent: Veil\nDisallow: /", "/a", true},
	{"several names share a group", "User-agent: Autre\n" + us + "Disallow: /a", "/a", false},
	{"a group ends at the next name after a rule", us + "Disallow: /a\nUser-agent: Autre\nDisallow: /b", "/b", true},
	{"groups of one name are merged", us + "Disallow: /a\nUser-agent: Autre\nDisallow: /c\n" + us + "Disallow: /b", "/b", false},
	{"and the first of them holds too", us + "Disallow: /a\nUser-agent: Autre\nDisallow: /c\n" + us + "Disallow: /b", "/a", false},
	{"groups for everybody are merged", "User-agent: *\nDisallow: /a\nUser-agent: Autre\nDisallow: /c\nUser-agent: *\nDisallow: /b", "/b", false},
	{"a line of another kind does not end a group", "User-agent: Autre\nSitemap: /s.xml\n" + us + "Crawl-delay: 5\nDisallow: /a", "/a", false},
	{"an empty line does not end a group", us + "\n\nDisallow: /a", "/a", false},
	{"a star with a comment is everybody", "User-agent: * # tous\nDisallow: /a", "/a", false},
	{"the longest rule wins: allow", us + "Disallow: /a\nAllow: /a/b", "/a/b/c", true},
	{"the longest rule wins: disallow", us + "Allow: /a\nDisallow: /a/b", "/a/b/c", false},
	{"order does not count", us + "Allow: /a/b\nDisallow: /a", "/a/b/c", true},
	{"allow wins a tie", us + "Disallow: /a\nAllow: /a", "/a", true},
	{"allow wins a tie in the other order", us + "Allow: /a\nDisallow: /a", "/a", true},
	{"disallow everything but one", us + "Disallow: /\nAllow: /x", "/x/y", true},
	{"disallow everything", us + "Disallow: /", "/", false},
	{"an empty disallow allows", us + "Disallow:", "/a", true},
	{"an empty allow does nothing", us + "Allow:\nDisallow: /", "/a", false},
	{"the file itself may always be read", us + "Disallow: /", "/robots.txt", true},
	{"a star in the middle", us + "Disallow: /a/*/z", "/a/b/c/z", false},
	{"a star is also nothing", us + "Disallow: /a*z", "/az", false},
	{"what follows a star must be there", us + "Disallow: /a*z", "/abc", true},
	{"a star at the end changes nothing", us + "Disallow: /a*", "/abc", false},
	{"a star at the head", us + "Disallow: *.pdf", "/a/b.pdf?x", false},
	{"two stars", us + "Disallow: /*a*b", "/xxaxxb", false},
	{"stars keep their order", us + "Disallow: /*a*b", "/b/a", true},
	{"a dollar is the end", us + "Disallow: /*.php$", "/a.php", false},
	{"and nothing after it", us + "Disallow: /*.php$", "/a.php?x", true},
	{"an end that comes twice", us + "Disallow: /*.php$", "/a.php/b.php", false},
	{"an exact page", us + "Allow: /$\nDisallow: /", "/", true},
	{"only that page", us + "Allow: /$\nDisallow: /", "/a", false},
	{"the end of a plain rule", us + "Disallow: /a$", "/a", false},
	{"the end of a plain rule, with more", us + "Disallow: /a$", "/ab", true},
	{"a dollar in the middle is a dollar", us + "Disallow: /a$b", "/a$b", false},
	{"a star and an end", us + "Disallow: /a*$", "/abc", false},
	{"an overlap is not matched twice", us + "Disallow: /ab*ba$", "/aba", true},
	{"a query is part of the address", us + "Disallow: /a?id=", "/a?id=3", false},
	{"a question mark is a character", us + "Disallow: /a?", "/ab", true},
	{"a query anywhere", us + "Disallow: /*?", "/a/b?c", false},
	{"outside ASCII as written", us + "Disallow: /été", "/%C3%A9t%C3%A9", false},
	{"outside ASCII as encoded", us + "Disallow: /%c3%a9t%C3%A9", "/été", false},
	{"an encoded letter is a letter", us + "Disallow: /%61bc", "/abc", false},
	{"a letter may be encoded in the address", us + "Disallow: /abc", "/%61bc", false},
	{"an encoded slash is not a slash", us + "Disallow: /a%2Fb", "/a/b", true},
	{"but is itself, whatever its case", us + "Disallow: /a%2fb", "/a%2Fb", false},
	{"an encoded star is a star", us + "Disallow: /a-%2A.html", "/a-*.html", false},
	{"and not anything", us + "Disallow: /a-%2A.html", "/a-b.html", true},
	{"an encoded dollar is a dollar", us + "Disallow: /a-%24", "/a-$", false},
	{"a percent that encodes nothing", us + "Disallow: /100%", "/100%", false},
	{"spaces around do not count", "  User-agent :  Veilleur  \n\tDisallow\t: /a  ", "/a", false},
	{"a comment after a rule", us + "Disallow: /a # pourquoi", "/a", false},
	{"lines ended by CR", "User-agent: Veilleur\rDisallow: /a\r", "/a", false},
	{"lines ended by CR LF", "User-agent: Veilleur\r\nDisallow: /a\r\n", "/a", false},
	{"a mark of byte order", "\ufeff" + us + "Disallow: /a", "/a", false},
	{"a rule without its slash is nothing", us + "Disallow: a", "/a", true},
	{"a page of HTML allows all", "<!doctype html><html><body>Disallow: /</body></html>", "/a", true},
	{"binary allows all", "\x00\x01\xff\xfe:\x80", "/a", true},
	{"what stands within 500 KiB counts", strings.Repeat("# x\n", 100<<10) + us + "Disallow: /a", "/a", false},
	{"what stands after 500 KiB does not", strings.Repeat("# x\n", 130<<10) + us + "Disallow: /a", "/a", true},
}

func TestRulesAreReadAsTheRFCSays(t *testing.T) {
	t.Parallel()
	for _, tt := range cases {
		if got := Parse([]byte(tt.file), "Veilleur").Allow(tt.path); got != tt.allow {
			t.Errorf("%s: %s allowed: %v, want %v", tt.name, tt.path, got, tt.allow)
		}
	}
}

func TestASiteMayNameAReader(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]bool{us + "Disallow: /a": true, "User-agent: *\nDisallow: /a": false, "": false} {
		if got := Parse([]byte(file), "Veilleur").Named(); got != want {
			t.Errorf("%q names us: %v, want %v", file, got, want)
		}
	}
}

func TestAnAddressMatchesItselfAndWhatBeginsIt(t *testing.T) {
	t.Parallel()
	err := quick.Check(func(path string, cut uint8) bool {
		path = "/" + strings.Map(func(r rune) rune {
			if strings.ContainsRune("#%\r\n", r) || r <= ' ' || r == 0x85 || r == 0xA0 {
				return 'x'
			}
			return r
		}, path)
		exact := normalize(path, false)
		return match(exact+"$", exact) && match(exact[:min(int(cut), len(exact))], exact)
	}, nil)
	if err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	for _, tt := range cases {
		if len(tt.file) < 1000 {
			f.Add(tt.file, tt.path)
		}
	}
	f.Fuzz(func(t *testing.T, file, path string) {
		r := Parse([]byte(file), "Veilleur")
		if len(r.rules) == 0 && !r.Allow(path) {
			t.Errorf("%q is forbidden by no rule", path)
		}
		if !r.Allow("/robots.txt") {
			t.Error("the file itself is forbidden")
		}
	})
}
