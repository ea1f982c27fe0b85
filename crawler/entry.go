package crawler

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"veilleur/crawler/alert"
	"veilleur/crawler/feed"
	"veilleur/internal/veille"
)

// entriesOf maps the entries of a feed, each id once.
func entriesOf(s veille.Source, kind alert.Kind, f feed.Feed, now time.Time) []veille.Entry {
	out := make([]veille.Entry, 0, len(f.Entries))
	seen := make(map[veille.EntryID]bool, len(f.Entries))
	for _, e := range f.Entries {
		entry, ok := entryOf(s, kind, e, now)
		if !ok || seen[entry.ID] {
			continue
		}
		seen[entry.ID] = true
		out = append(out, entry)
	}
	return out
}

// entryOf maps one entry; false when there is nothing to keep of it.
func entryOf(s veille.Source, kind alert.Kind, e feed.Entry, now time.Time) (veille.Entry, bool) {
	out := veille.Entry{
		SourceID: s.ID, GUID: guid(e), URL: e.URL, Title: e.Title, Text: e.Text, Image: e.Image,
		Author: authors(e.Authors), Publisher: e.Publisher,
		Published: published(e, now), Seen: now,
	}
	if kind != alert.KindNone {
		unalert(&out, kind)
	} else if e.Publisher == s.Title || e.Publisher == s.Publisher {
		out.Publisher = "" // it only quotes itself
	}
	if out.Title == "" {
		out.Title = opening(out.Text)
	} else if first, rest, ok := strings.Cut(out.Text, "\n\n"); ok && first == out.Title {
		out.Text = rest // a heading that only repeats it
	}
	if out.Title == "" && out.URL == "" {
		return veille.Entry{}, false
	}
	if out.Title == "" {
		out.Title = out.URL
	}
	out.ID = veille.NewEntryID(s.ID, out.GUID)
	if kind == alert.KindGoogleNews {
		if key := alert.NewsKey(out.Title, out.Publisher, e.Published); key != "" {
			out.GUID, out.ID = key, veille.NewEntryID(searches(s), key)
		}
	}
	return out, true
}

// searches stands for all the searches of a branch on Google News: an article
// has another opaque link in each of them, and is one entry.
func searches(s veille.Source) veille.SourceID {
	return veille.SourceID("google_news:" + s.BranchID)
}

// shared tells an entry that all the searches of a branch share.
func shared(s veille.Source, e veille.Entry) bool {
	return e.ID == veille.NewEntryID(searches(s), e.GUID)
}

// unalert takes away what the service of a saved search put around an
// article.
func unalert(e *veille.Entry, kind alert.Kind) {
	e.URL = alert.Unwrap(e.URL)
	e.Text = alert.CleanText(e.Text)
	if e.Publisher != "" {
		e.Title = alert.CleanTitle(e.Title, e.Publisher)
	} else if kind == alert.KindGoogleNews {
		e.Title, e.Publisher = alert.SplitNews(alert.CleanTitle(e.Title, ""))
	} else {
		e.Title, e.Publisher = alert.SplitTitle(alert.CleanTitle(e.Title, ""), e.URL)
	}
	if kind == alert.KindGoogleNews {
		e.Text = "" // only the title again, with the publisher's name
	}
}

// guid is what names an item within its feed: its own, else its address, else
// its title and date.
func guid(e feed.Entry) string {
	if g := cmp.Or(e.GUID, e.URL); g != "" {
		return g
	}
	h := sha256.Sum256([]byte(e.Title + "\x00" + e.Text + "\x00" + e.Published.Format(time.RFC3339)))
	return hex.EncodeToString(h[:16])
}

// published is when an entry says it appeared: never after it was seen, and
// seen when it says nothing or nonsense.
func published(e feed.Entry, now time.Time) time.Time {
	for _, t := range []time.Time{e.Published, e.Updated} {
		if t.Year() >= 1990 && !t.After(now) {
			return t
		}
	}
	return now
}

// undated is how old an entry without a date is taken to be when it was there
// before its source was read the first time.
const undated = 14 * day

// backdate dates the entries that say nothing of their date and were there
// before we came: they are no news, and a whole archive found at once must not
// look like a crisis of today. Two weeks is past what a judgement weighs.
func backdate(es []veille.Entry) {
	for i := range es {
		if es[i].Published.Equal(es[i].Seen) {
			es[i].Published = es[i].Seen.Add(-undated)
		}
	}
}

// opening is the beginning of a text that has no title, at most 100
// characters, at a word.
func opening(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if utf8.RuneCountInString(line) <= 100 {
		return line
	}
	cut := string([]rune(line)[:100])
	if i := strings.LastIndexByte(cut, ' '); i > 50 {
		cut = cut[:i]
	}
	return cut + "…"
}

// authors are what the authors of an entry are called, in one line.
func authors(people []feed.Person) string {
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.Called()
	}
	return strings.Join(names, ", ")
}
