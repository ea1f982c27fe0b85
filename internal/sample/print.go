package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"veilleur/internal/i18n"
)

// print writes the ideas as a document.
func print(out io.Writer, found []find, entries int) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# %d ideas, as they came\n\n", len(found))
	fmt.Fprintf(w, "What the community managers of two small caisses would have been offered by %d entries of four weeks, written for the project: each morning at six,\n", entries)
	fmt.Fprintf(w, "the best five of the new ideas. What is cited is fictional. Nothing is chosen by hand; `make ideas-sample` writes this file again (needs ../shared). Points are out of 100 and are the sum of the reasons.\n")
	branch, day := "", ""
	for n, f := range found {
		p := i18n.For(f.branch.Locale).In(f.day.Location())
		if f.branch.Name != branch {
			branch, day = f.branch.Name, ""
			fmt.Fprintf(w, "\n## %s\n", branch)
		}
		if d := p.Date(f.day); d != day {
			day = d
			fmt.Fprintf(w, "\n### %s\n", d)
		}
		var why []string
		for _, r := range f.idea.Reasons {
			why = append(why, fmt.Sprintf("%s %s", p.Say(r.Says), signed(p, r.Points)))
		}
		fmt.Fprintf(w, "\n%d. **%s** %s\n   · *%s* · %d min · %s\n", n+1, p.Say(f.idea.Title), p.Say(f.idea.Question), p.Say(f.idea.Photo), f.idea.Effort, p.T("ideas.until", "when", p.T("ideas.until_date", "date", p.DateShort(f.idea.ExpiresAt))))
		source := p.T("ideas.from_day")
		if f.medium != "" {
			source = fmt.Sprintf("%s %s (%s)", p.T("ideas.from"), p.Quote(strings.TrimSpace(f.entry.Title)), f.medium)
		}
		fmt.Fprintf(w, "   · %s · %s\n", p.T("ideas.angle_"+string(f.idea.Angle)), source)
		fmt.Fprintf(w, "   · %s = %s\n", p.Num(f.idea.Rank), strings.Join(why, "; "))
	}
	return w.Flush()
}

func signed(p *i18n.Printer, points float64) string {
	if points > 0 {
		return "+" + p.Num(points)
	}
	return p.Num(points)
}
