package webhook

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"veilleur/internal/veille"
)

// The types of message.
const (
	EventOpened       = "incident.opened"       // an incident reached escalate, or still stands there hours later
	EventRaised       = "incident.raised"       // it went higher
	EventAcknowledged = "incident.acknowledged" // a person took it
	EventResolved     = "incident.resolved"     // it ended, or was a false alarm: see incident.state
	EventTest         = "test"                  // a person pressed the button
)

// MaxPayload is the size no message reaches, in bytes.
const MaxPayload = 20 << 10

const (
	nameLimit    = 200 // characters of a name, a word or a sentence's value
	titleLimit   = 300
	passageLimit = 300
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of every message.
func Schema() []byte { return slices.Clone(schema) }

// An Option adds to a message.
type Option func(*options)

type options struct {
	articles map[veille.EntryID]Article
	repeat   bool
}

// An Article is where one entry of the evidence was published.
type Article struct {
	URL    string // http or https, or ""
	Title  string
	Source string // the medium
}

// WithArticles gives the addresses and titles of the evidence's entries; those
// not in it are named by their id only.
func WithArticles(articles map[veille.EntryID]Article) Option {
	return func(o *options) { o.articles = articles }
}

// AsRepeat marks the message as a reminder of what was already told.
func AsRepeat() Option { return func(o *options) { o.repeat = true } }

type message struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

type incidentMessage struct {
	Incident incidentJSON `json:"incident"`
	Topic    topicJSON    `json:"topic"`
	Branch   branchJSON   `json:"branch"`
	Link     string       `json:"link"`
	Repeat   bool         `json:"repeat"`
}

type testMessage struct {
	Branch branchJSON `json:"branch"`
}

type topicJSON struct {
	ID      veille.TopicID `json:"id"`
	Name    string         `json:"name"`
	Subject veille.Subject `json:"subject"`
}

type branchJSON struct {
	ID     veille.BranchID `json:"id"`
	Name   string          `json:"name"`
	Locale string          `json:"locale"`
}

type incidentJSON struct {
	ID             veille.IncidentID    `json:"id"`
	Title          string               `json:"title"`
	State          veille.IncidentState `json:"state"`
	Level          veille.Level         `json:"level"`
	LevelAt        time.Time            `json:"level_at"`
	Score          float64              `json:"score"`
	Peak           float64              `json:"peak"`
	PeakLevel      veille.Level         `json:"peak_level"`
	Entries        int                  `json:"entries"`
	Independent    int                  `json:"independent"`
	Weeks          int                  `json:"weeks"`
	ShortOfData    bool                 `json:"short_of_data"`
	Inherited      bool                 `json:"inherited"`
	OpenedAt       time.Time            `json:"opened_at"`
	JudgedAt       time.Time            `json:"judged_at"`
	AcknowledgedAt time.Time            `json:"acknowledged_at,omitzero"`
	ClosedAt       time.Time            `json:"closed_at,omitzero"`
	Signals        []signalJSON         `json:"signals"`
}

type signalJSON struct {
	Kind          string         `json:"kind"`
	Points        float64        `json:"points"`
	Max           float64        `json:"max"`
	Reason        sentenceJSON   `json:"reason"`
	Detail        *sentenceJSON  `json:"detail,omitempty"`
	EvidenceTotal int            `json:"evidence_total"`
	Evidence      []evidenceJSON `json:"evidence"`
}

type sentenceJSON struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	Text string         `json:"text,omitempty"` // printed in the branch's language
}

type evidenceJSON struct {
	EntryID veille.EntryID `json:"entry_id"`
	URL     string         `json:"url,omitempty"`
	Title   string         `json:"title,omitempty"`
	Source  string         `json:"source,omitempty"`
	Passage string         `json:"passage"`
}

// IncidentPayload makes the message of an event of an incident: the bytes to
// store in a Delivery. link is the incident's page; say prints a sentence in
// the branch's language, and may be nil: receivers then have the keys alone.
//
// Evidence is cut to what fits in MaxPayload, the first of each signal first;
// evidence_total tells how much there was. It returns ErrInvalid if event is
// not one of an incident's, or if even without evidence the message is too long.
func IncidentPayload(event string, i veille.Incident, t veille.Topic, b veille.Branch, link string, now time.Time, say func(veille.Sentence) string, more ...Option) ([]byte, error) {
	switch event {
	case EventOpened, EventRaised, EventAcknowledged, EventResolved:
	default:
		return nil, fmt.Errorf("webhook: message of type %q: %w", event, veille.ErrInvalid)
	}
	var o options
	for _, add := range more {
		add(&o)
	}
	for _, evidence := range []int{5, 3, 1, 0} {
		m := incidentMessage{
			Incident: incidentOf(i, say, o, evidence),
			Topic:    topicJSON{t.ID, cut(t.Name, nameLimit), t.Subject},
			Branch:   branchOf(b),
			Link:     link,
			Repeat:   o.repeat,
		}
		body, err := encode(event, now, m)
		if err != nil {
			return nil, fmt.Errorf("webhook: message of incident %s: %w", i.ID, err)
		}
		if len(body) < MaxPayload {
			return body, nil
		}
	}
	return nil, fmt.Errorf("webhook: message of incident %s is over %d bytes: %w", i.ID, MaxPayload, veille.ErrInvalid)
}

// TestPayload makes the message of the test button.
func TestPayload(b veille.Branch, now time.Time) ([]byte, error) {
	return encode(EventTest, now, testMessage{Branch: branchOf(b)})
}

func encode(event string, now time.Time, data any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(message{Type: event, Timestamp: stamp(now), Data: data}); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

func branchOf(b veille.Branch) branchJSON {
	return branchJSON{b.ID, cut(b.Name, nameLimit), b.Locale}
}

func incidentOf(i veille.Incident, say func(veille.Sentence) string, o options, evidence int) incidentJSON {
	out := incidentJSON{
		ID: i.ID, Title: cut(i.Title, titleLimit), State: i.State, Level: i.Level, LevelAt: stamp(i.LevelAt),
		Score: i.Score, Peak: i.Peak, PeakLevel: i.PeakLevel, Entries: i.Entries, Independent: i.Independent,
		Weeks: i.Weeks, ShortOfData: i.ShortOfData, Inherited: i.Inherited, OpenedAt: stamp(i.OpenedAt),
		JudgedAt: stamp(i.JudgedAt), AcknowledgedAt: stamp(i.AckedAt), ClosedAt: stamp(i.ClosedAt), Signals: []signalJSON{},
	}
	for _, s := range i.Signals {
		out.Signals = append(out.Signals, signalOf(s, say, o, evidence))
	}
	return out
}

func signalOf(s veille.Signal, say func(veille.Sentence) string, o options, evidence int) signalJSON {
	out := signalJSON{
		Kind: s.Kind, Points: s.Points, Max: s.Max, Reason: sentenceOf(s.Reason, say),
		EvidenceTotal: len(s.Evidence), Evidence: []evidenceJSON{},
	}
	if s.Detail != nil {
		d := sentenceOf(*s.Detail, say)
		out.Detail = &d
	}
	for _, e := range s.Evidence[:min(evidence, len(s.Evidence))] {
		a := o.articles[e.EntryID]
		out.Evidence = append(out.Evidence, evidenceJSON{
			EntryID: e.EntryID, URL: a.URL, Title: cut(a.Title, titleLimit),
			Source: cut(a.Source, nameLimit), Passage: cut(e.Passage.Text, passageLimit),
		})
	}
	return out
}

func sentenceOf(s veille.Sentence, say func(veille.Sentence) string) sentenceJSON {
	out := sentenceJSON{Key: s.Key}
	if len(s.Args) > 0 {
		out.Args = make(map[string]any, len(s.Args))
	}
	for name, v := range s.Args {
		if text, ok := v.(string); ok {
			v = cut(text, nameLimit)
		}
		out.Args[name] = v
	}
	if say != nil {
		out.Text = cut(say(veille.Sentence{Key: s.Key, Args: out.Args}), titleLimit)
	}
	return out
}

// stamp is t as messages write it: UTC, whole milliseconds.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// cut keeps the first n characters of s, each control character a space: JSON
// would write it as six bytes.
func cut(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if len(s) <= n {
		return s
	}
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
