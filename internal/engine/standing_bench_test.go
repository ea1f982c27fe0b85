package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// crowd is a movement of 300 caisses and 10,000 topics, half of them about a
// caisse, in memory.
type crowd struct {
	branches []veille.Branch
	topics   []veille.Topic
}

func (c crowd) Branches(context.Context) ([]veille.Branch, error) { return c.branches, nil }
func (c crowd) Topics(context.Context, []veille.BranchID) ([]veille.Topic, error) {
	return c.topics, nil
}
func (c crowd) Scope(_ context.Context, id veille.BranchID) ([]veille.BranchID, error) {
	return []veille.BranchID{id, "m"}, nil
}
func (c crowd) Corrections(context.Context, []veille.TopicID) ([]veille.Correction, error) {
	return nil, nil
}
func (c crowd) SettledMentions(context.Context, veille.TopicID, int) ([]veille.Mention, error) {
	return nil, nil
}

// BenchmarkMentions makes the mentions that entries of 400 words, each naming a
// caisse, make of 10,000 topics, with and without asking relevance and the tone
// toward the subject.
func BenchmarkMentions(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	words := make([]string, 30_000)
	for i := range words {
		w := make([]byte, 3+r.IntN(9))
		for k := range w {
			w[k] = byte('a' + r.IntN(26))
		}
		words[i] = string(w)
	}
	zipf := rand.NewZipf(r, 1.07, 4, uint64(len(words)-1))
	word := func() string { return words[zipf.Uint64()] }
	house := crowd{branches: []veille.Branch{{ID: "m", Name: "Mouvement Desrivières"}}}
	for i := range 300 {
		house.branches = append(house.branches, veille.Branch{ID: veille.BranchID(fmt.Sprint("b", i)), ParentID: "m", Name: "Caisse de " + words[r.IntN(len(words))]})
	}
	for i := range 10_000 {
		q := []string{`"caisse de %s" OU "caisse populaire %s" -hockey`, `caisse %s (vol OU fraude OU %s)`, `titre:%s OU "%s rivière"`}[i%3]
		subject := []veille.Subject{veille.SubjectBranch, veille.SubjectTheme}[i%2]
		house.topics = append(house.topics, veille.Topic{ID: veille.TopicID(fmt.Sprint(i)), BranchID: veille.BranchID(fmt.Sprint("b", i%300)), Subject: subject,
			Query: fmt.Sprintf(q, words[r.IntN(len(words))], words[r.IntN(len(words))]), UpdatedAt: morning})
	}
	entries := make([]veille.Entry, 300)
	for i := range entries {
		place := house.branches[1+i%300].Name
		body := []byte("Les membres de la " + place + " sont en colère contre le juge Desrivières. ")
		for k := range 400 {
			body = append(append(body, word()...), ' ')
			if k%20 == 19 {
				body = append(body, ". Fin"...)
			}
		}
		entries[i] = veille.Entry{ID: veille.EntryID(fmt.Sprint("e", i)), SourceID: "s", Title: "Un titre de " + word() + " et de " + word(), Text: string(body),
			Published: morning.Add(time.Duration(i) * time.Minute)}
	}
	g := NewReader()
	for i := range entries {
		entries[i].Reading = g.Read(entries[i], "v")
	}
	for _, asked := range []bool{false, true} {
		b.Run(fmt.Sprintf("asked=%v", asked), func(b *testing.B) {
			m := NewMatch(quiet(), house, nil, nil, house)
			if err := m.refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
			if !asked {
				clear(m.sieve.asks)
				for id, t := range m.known {
					t.topic.Subject = veille.SubjectTheme
					m.known[id] = t
				}
			}
			i, n := 0, 0
			before := cpu(b)
			for b.Loop() {
				n += len(m.mentionsOf(entries[i%len(entries)], veille.Source{BranchID: "m"}))
				i++
			}
			b.ReportMetric(float64(cpu(b)-before)/float64(i), "cpu-ns/op")
			b.ReportMetric(float64(n)/float64(i), "mentions/op")
		})
	}
}

// cpu is the time this process has worked.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
