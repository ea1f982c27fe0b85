package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"veilleur/crawler"
	"veilleur/internal/store"
	"veilleur/internal/veille"
)

const (
	benchFeeds   = 1000
	benchEntries = 37
	benchTopics  = 100
)

// TestBenchCrawl measures what reading a thousand feeds costs the whole
// process: every entry stored, grouped, matched and indexed. The feeds are
// served by this process, each from an address of its own on loopback.
func TestBenchCrawl(t *testing.T) {
	if os.Getenv("VEILLEUR_BENCH") == "" {
		t.Skip("skipped: make bench-crawl runs it")
	}
	p := newWire()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	must(t, err)
	go http.Serve(l, p) //nolint:gosec // loopback, for a benchmark
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	data := t.TempDir()
	house(t, data, func(st *store.Store) { settleBench(t, st, port) })
	t.Logf("%d feeds of %d entries, %d KB each; %d topics", benchFeeds, benchEntries, len(p.feed(0))>>10, benchTopics)
	rounds := crawlRounds(t, data)
	row := func(name, goal string, want int) {
		before := p.served.Load()
		said := rounds()
		t.Logf("%-24s %7.2f CPU-s (goal %s), %d MB resident at most, %d MB now without the pages of files, %d bodies: %+v", name, said.CPU, goal, said.Resident, said.Own, p.served.Load()-before, said.Report)
		if said.Stored != want || said.Indexed != want || said.Grouped != want {
			t.Errorf("%s: %d stored, %d indexed, %d grouped; want %d", name, said.Stored, said.Indexed, said.Grouped, want)
		}
	}
	row("first fetch", "≤ 70", benchFeeds*benchEntries)
	row("nothing changed (304)", "≤ 0.25", benchFeeds*benchEntries)
	p.edition.Add(1)
	row("one new entry in each", "≤ 11, stretch 4", benchFeeds*(benchEntries+1))
}

func settleBench(t *testing.T, st *store.Store, port string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	must(t, st.PutBranch(ctx, veille.Branch{ID: "b", Name: "Caisse de la Rivière", Locale: "fr", Zone: "America/Toronto", CreatedAt: now}))
	for i := range benchFeeds {
		must(t, st.PutSource(ctx, veille.Source{ID: veille.SourceID(fmt.Sprint("s", i)), BranchID: "b", Kind: veille.SourceFeed,
			URL: fmt.Sprintf("http://127.1.%d.%d:%s/%d", i/250, i%250+1, port, i), Title: fmt.Sprint("Écho ", i), State: veille.SourceActive, CreatedAt: now}))
	}
	w := newWords()
	for i := range benchTopics {
		must(t, st.PutTopic(ctx, veille.Topic{ID: veille.TopicID(fmt.Sprint("t", i)), BranchID: "b", Name: fmt.Sprint("Sujet ", i),
			Query: fmt.Sprintf("%s AND (%s OR %s)", w.rare(i), w.rare(i+7), w.rare(i+19)), Subject: veille.SubjectTheme, CreatedAt: now, UpdatedAt: now}))
	}
}

// A round is what one reading of every source cost and left.
type round struct {
	Report                   crawler.Report
	CPU                      float64 // seconds of the process, user and system
	Resident                 int64   // MB, the most so far
	Own                      int64   // MB of it now that are not pages of files
	Stored, Indexed, Grouped int
}

// crawlRounds starts the program in a process of its own; each call has it
// read every source once, to the end of its pipeline.
func crawlRounds(t *testing.T, data string) func() round {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "VEILLEUR_TEST_ROUNDS="+data)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	said := json.NewDecoder(out)
	return func() (r round) {
		fmt.Fprintln(in)
		must(t, said.Decode(&r))
		return r
	}
}

// playRounds is the other process: a round for each line it reads.
func playRounds(data string) error {
	saveMemory()
	c := &Config{Data: data, Log: "error"}
	c.FetchAllow = append(c.FetchAllow, "127.0.0.0/8")
	c.settle()
	w := &world{ctx: context.Background(), in: os.Stdin, out: os.Stdout, err: os.Stderr, lg: c.logger(os.Stderr)}
	return withApp(w, c, func(a *app) error {
		lines, enc := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
		for n := 1; lines.Scan(); n++ {
			stop, err := profile(n)
			if err != nil {
				return err
			}
			before := usage()
			r, err := a.crawler.Once(w.ctx, true)
			if err != nil {
				return err
			}
			if err := a.drain(w); err != nil {
				return err
			}
			after := usage()
			stop()
			said := round{Report: r, CPU: cpuOf(after) - cpuOf(before), Resident: after.Maxrss >> 10, Own: ownMemory()}
			if said.Stored, err = a.store.CountEntries(w.ctx, nil); err != nil {
				return err
			}
			said.Indexed = a.index.Len()
			if err := a.store.DB().QueryRowContext(w.ctx, `SELECT COUNT(*) FROM entry WHERE story_id <> ''`).Scan(&said.Grouped); err != nil {
				return err
			}
			if err := enc.Encode(said); err != nil {
				return err
			}
		}
		return lines.Err()
	})
}

// profile profiles the n-th round, into files of the folder that
// VEILLEUR_BENCH_PROFILE names, until what it gives is called.
func profile(n int) (func(), error) {
	dir := os.Getenv("VEILLEUR_BENCH_PROFILE")
	if dir == "" {
		return func() {}, nil
	}
	cpu, err := os.Create(filepath.Join(dir, fmt.Sprintf("round%d.cpu", n)))
	if err != nil {
		return nil, err
	}
	heap, err := os.Create(filepath.Join(dir, fmt.Sprintf("round%d.heap", n)))
	if err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = pprof.WriteHeapProfile(heap) // a missing profile fails nothing
		_, _ = cpu.Close(), heap.Close()
	}, pprof.StartCPUProfile(cpu)
}

// ownMemory is the resident memory that is not the pages of files, which the
// system takes back when it needs them; 0 where it is not told.
func ownMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kB int64
		if n, _ := fmt.Sscanf(line, "RssAnon: %d kB", &kB); n == 1 {
			return kB >> 10
		}
	}
	return 0
}

func usage() (u syscall.Rusage) {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

func cpuOf(u syscall.Rusage) float64 {
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// A wire serves the feeds: edition n adds n entries to each.
type wire struct {
	words   *wordList
	edition atomic.Int64
	served  atomic.Int64
}

func newWire() *wire { return &wire{words: newWords()} }

// ServeHTTP answers 304 to the ETag of the edition.
func (p *wire) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	etag := fmt.Sprintf(`"%d"`, p.edition.Load())
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	p.served.Add(1)
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Write(p.feed(n)) //nolint:errcheck // the client is ours
}

func (p *wire) feed(n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Écho %d</title><link>http://127.0.0.1/</link>`, n)
	newest := benchEntries + int(p.edition.Load())
	for i := newest; i > 0; i-- {
		r := rand.New(rand.NewPCG(uint64(n), uint64(i)))
		at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC).Add(time.Duration(i*60+n%60) * time.Minute)
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d-%d</guid><title>%s</title><link>http://127.0.0.1/%d/%d</link><pubDate>%s</pubDate><content:encoded><![CDATA[`,
			n, i, html.EscapeString(p.words.sentence(r, 9)), n, i, at.Format(time.RFC1123Z))
		for range 6 { // about 3.1 KB of text
			b.WriteString("<p>")
			for range 4 {
				b.WriteString(p.words.sentence(r, 20) + ". ")
			}
			b.WriteString("</p>\n")
		}
		b.WriteString("]]></content:encoded></item>")
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

// A wordList makes text with the statistics of a language: few words are
// common and most are rare.
type wordList struct {
	words []string
}

func newWords() *wordList {
	r := rand.New(rand.NewPCG(7, 7))
	w := &wordList{words: strings.Fields("de la le et les à des en du une un pour que dans est par sur au qui a pas plus avec se ne ont ce son il cette aux mais sont")}
	on, mid, end := strings.Fields("b c d f g j l m n p r s t v br ch cl cr dr fl gr pl pr tr"), strings.Fields("a e i o u é ou an on in ai eau"), strings.Fields("r t s l n m c ge re que ment tion eur ée aire iste")
	for len(w.words) < 20_000 {
		s := ""
		for range 1 + r.IntN(3) {
			s += on[r.IntN(len(on))] + mid[r.IntN(len(mid))]
		}
		w.words = append(w.words, s+end[r.IntN(len(end))])
	}
	return w
}

// rare is a word met in about one entry in a hundred.
func (w *wordList) rare(i int) string { return w.words[2000+i*13] }

func (w *wordList) sentence(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		// Zipf's law: the chance of the k-th word falls as 1/k.
		k := int(expo(r.Float64(), len(w.words)))
		s := w.words[min(k, len(w.words)-1)]
		if i == 0 {
			first := []rune(s)
			s = strings.ToUpper(string(first[:1])) + string(first[1:])
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// expo draws a rank below n with chances falling as its inverse.
func expo(u float64, n int) float64 { return math.Pow(float64(n), u) - 1 }
