package publish

import (
	"regexp"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("coopérative ", 20)
	tests := []struct{ name, title, text, want string }{
		{"accents, ligatures and punctuation are folded", "L’œuvre d’été : « ça va ? »", "", "l-oeuvre-d-ete-ca-va-a0f2f40e62"},
		{"a post without title is named by its text", "", "Bonjour à tous !\nsuite", "bonjour-a-tous-a0f2f40e62"},
		{"letters we cannot fold leave the id", "日本語", "", "post-a0f2f40e62"},
		{"a long title is cut at a word", long, "", "cooperative-cooperative-cooperative-cooperative-cooperative-a0f2f40e62"},
		{"a long word is cut", strings.Repeat("a", 300), "", strings.Repeat("a", 60) + "-a0f2f40e62"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := veille.Post{ID: "p", Title: tt.title, Text: tt.text}
			got := Slug(p)
			if got[:len(got)-11] != tt.want[:len(tt.want)-11] {
				t.Errorf("Slug = %q, want %q", got, tt.want)
			}
			if got != Slug(p) || got == Slug(veille.Post{ID: "q", Title: tt.title, Text: tt.text}) {
				t.Error("a slug must be one post's and always the same")
			}
		})
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("L’œuvre", "texte", "id")
	good := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{10}$`)
	f.Fuzz(func(t *testing.T, title, text, id string) {
		s := Slug(veille.Post{ID: veille.PostID(id), Title: title, Text: text})
		if !good.MatchString(s) || len(s) > slugWords+11 {
			t.Errorf("Slug(%q, %q) = %q", title, text, s)
		}
	})
}

func TestLength(t *testing.T) {
	t.Parallel()
	x := veille.Channel{Network: veille.NetworkManual, URL: "https://x.com/caisse"}
	tests := []struct {
		name    string
		ch      veille.Channel
		text    string
		n, most int
	}{
		{name: "a site has no limit", ch: veille.Channel{Network: veille.NetworkWordPress}, text: "é👨‍👩‍👧", n: 2},
		{name: "a page by hand is known by its address", ch: veille.Channel{Network: veille.NetworkManual, URL: "www.facebook.com/caisse"}, text: "« é »", n: 5, most: 63206},
		{name: "a look-alike address is not", ch: veille.Channel{Network: veille.NetworkManual, URL: "https://notfacebook.com/"}, text: "abc", n: 3},
		{name: "X: accents and guillemets weigh one", ch: x, text: "« é » l’été", n: 11, most: 280},
		{name: "X: an address weighs 23", ch: x, text: "Lire https://caisse.example/tres/longue/adresse?avec=tout", n: 28, most: 280},
		{name: "X: a family, a flag and a euro weigh two", ch: x, text: "👨‍👩‍👧🇨🇦€", n: 6, most: 280},
		{name: "X: a narrow no-break space weighs two", ch: x, text: "a\u202fb", n: 4, most: 280},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n, most := Length(tt.ch, tt.text); n != tt.n || most != tt.most {
				t.Errorf("Length = %d of %d, want %d of %d", n, most, tt.n, tt.most)
			}
		})
	}
}
