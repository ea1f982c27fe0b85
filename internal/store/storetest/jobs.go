package storetest

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

func (f *fixture) countJobs() int {
	f.Helper()
	var n int
	f.ok(f.DB().QueryRow(`SELECT COUNT(*) FROM river_job`).Scan(&n))
	return n
}

func testJobs(f *fixture) {
	ctx := f.Context()
	j := func(key string) job.Job { return job.Job{Kind: job.KindMail, Key: key, Args: map[string]int{"a": 1}} }
	f.ok(f.PutTopic(ctx, f.topic("t1", river), j("a"), j("b"), j("a")))
	f.same("written, each once", f.countJobs(), 2)
	f.ok(f.PutTopic(ctx, f.topic("t1", river), j("a")))
	f.same("known already", f.countJobs(), 2)
	f.is(f.PutTopic(ctx, f.topic("t2", "none"), j("c")), veille.ErrInvalid)
	f.same("no decision, no job", f.countJobs(), 2)
	bad := job.Job{Kind: job.KindMail, Key: "d", Args: func() {}}
	if f.PutTopic(ctx, f.topic("t3", river), bad) == nil {
		f.Error("a job that cannot be written was accepted")
	}
	_, err := f.Topic(ctx, "t3")
	f.is(err, veille.ErrNotFound) // no job, no decision
}

func testJobsRun(f *fixture) {
	type run struct {
		key  string
		n    int
		args string
	}
	ran := make(chan run, 8)
	r, err := job.NewRunner(slog.New(slog.DiscardHandler), f.DB(), f.Dialect(), map[string]job.Handler{
		job.KindMail: func(ctx context.Context, a job.Attempt) error {
			ran <- run{a.Key, a.Number, string(a.Args)}
			// What a handler does: use the same store while jobs run.
			if err := f.PutSetting(ctx, a.Key, "ran"); err != nil {
				return err
			}
			if a.Number == 1 {
				return job.After(10*time.Millisecond, errors.New("later"))
			}
			return nil
		},
	}, job.Config{Poll: 50 * time.Millisecond, Single: true})
	f.ok(err)
	ctx, cancel := context.WithCancel(f.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	f.ok(f.PutTopic(f.Context(), f.topic("t1", river), job.Job{Kind: job.KindMail, Key: "a", Args: []string{"é"}}))
	for n := 1; n <= 2; n++ {
		select {
		case got := <-ran:
			got.args = strings.ReplaceAll(got.args, " ", "") // jsonb spaces as it likes
			if want := (run{"a", n, `["é"]`}); got != want {
				f.Errorf("ran %v, want %v", got, want)
			}
		case <-time.After(20 * time.Second):
			f.Fatal("the job did not run")
		}
	}
	cancel()
	f.ok(<-done)
	f.same("its work", must(f.Setting(f.Context(), "a"))(f), "ran")
}

func testDeletes(f *fixture) {
	ctx := f.Context()
	ids := f.putEntries("s1", 1, 2)
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	f.ok(f.PutTopic(ctx, f.topic("t2", river)))
	f.ok(f.PutMentions(ctx, []veille.Mention{f.mention("t1", f.entry("s1", 1)), f.mention("t2", f.entry("s1", 1))}))
	f.ok(f.PutStories(ctx, []veille.Story{f.story("a", 1)}))
	f.group("a", ids...)
	f.ok(f.Park(ctx, "match", ids[0], "why", f.now))
	i := f.incident("i1", "t1", 0)
	f.ok(f.PutIncident(ctx, i, []veille.IncidentEvent{{IncidentID: "i1", Kind: "opened"}}, nil))
	f.ok(f.PutToken(ctx, veille.Token{ID: "k", UserID: "u1", Hash: "h"}))
	f.ok(f.ClaimDigest(ctx, "u1", "2026-11-23", f.now))

	count := func(table string) (n int) {
		f.Helper()
		f.ok(f.DB().QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n))
		return n
	}
	gone := func(of string, tables ...string) {
		f.Helper()
		for _, table := range tables {
			if n := count(table); n != 0 {
				f.Errorf("%s leaves %d rows in %s", of, n, table)
			}
		}
	}
	f.ok(f.DeleteTopic(ctx, "t1"))
	gone("a topic", "incident", "incident_event")
	f.same("another topic's mentions stay", count("mention"), 1)
	f.ok(f.DeleteSource(ctx, "s1"))
	gone("a source", "entry", "mention", "parked", "story")
	f.ok(f.DeleteUser(ctx, "u1"))
	gone("a user", "token", "digest")
}

func testHostileText(f *fixture) {
	ctx := f.Context()
	e := f.entry("s1", 1)
	e.Title, e.Text = "nul\x00 et \xff\xfe", "' OR 1=1; -- ? ?0 $1 \\ \" \n\t\u2028 <b>𝄞</b> %s"
	must(f.PutEntries(ctx, []veille.Entry{e}))(f)
	got := must(f.Entry(ctx, e.ID))(f)
	f.same("NUL bytes are dropped, broken UTF-8 is mended", got.Title, "nul et \ufffd\ufffd")
	f.same("the rest is kept", got.Text, e.Text)
	f.same("a repeat is a repeat", must(f.PutEntries(ctx, []veille.Entry{e}))(f), veille.PutCount{})
	f.ok(f.PutReadings(ctx, map[veille.EntryID]veille.Reading{e.ID: {Keyphrases: []string{"a\x00b", "?", "l'œuf"}}}))
	f.same("in lists too", must(f.Entry(ctx, e.ID))(f).Reading.Keyphrases, []string{"a\x00b", "?", "l'œuf"})
	_, err := f.Story(ctx, "a\x00' OR 1=1")
	f.is(err, veille.ErrNotFound)
	_, err = f.UserByEmail(ctx, "' OR ''='")
	f.is(err, veille.ErrNotFound)
}
