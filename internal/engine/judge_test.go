package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// bench is a house with a judge, a webhook of the caisse and one of the
// movement.
type bench struct {
	*house
	judge    *Judge
	response *Response
	topic    veille.TopicID // the caisse
	whole    veille.TopicID // the movement
}

func sit(t *testing.T) *bench {
	t.Helper()
	h := build(t)
	b := &bench{house: h}
	b.topic = h.topic(river, veille.SubjectBranch, "Caisse de la Rivière", `"Caisse de la Rivière"`)
	b.whole = h.topic(movement, veille.SubjectMovement, "Mouvement Desrivières", `Desrivières`)
	h.topic(river, veille.SubjectTheme, "Fraudes", "vol* OR fraude")
	for id, branch := range map[veille.WebhookID]veille.BranchID{"equipe": river, "centrale": movement, "voisine": hill} {
		h.ok(h.PutWebhook(t.Context(), veille.Webhook{ID: id, BranchID: branch, URL: "https://" + string(id) + ".example/x", Secret: secret, CreatedAt: morning}))
	}
	n := h.notices(nil)
	b.judge = NewJudge(quiet(), h, h, h, n)
	b.judge.now = func() time.Time { return h.now }
	b.response = NewResponse(h, h, n)
	b.response.now = b.judge.now
	// A quiet half-year, so that there is a usual.
	var past []veille.Entry
	for week := range 26 {
		past = append(past, news("hebdo", fmt.Sprint("vie", week), 60*24*7*(week+1), fmt.Sprintf("Le bulletin municipal numéro %d est arrivé", week),
			"Le bulletin municipal donne les heures de la bibliothèque, de la piscine et de la déchetterie."))
	}
	h.read(past...)
	return b
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// theft tells of a theft of data in n media, the first minutes before morning.
func (b *bench) theft(n, minutes int) {
	b.Helper()
	media := []veille.SourceID{"hebdo", "quotidien", "radio"}
	words := []string{
		"Une enquête policière est ouverte sur le vol de données de 1 200 membres de la Caisse de la Rivière. Des membres en colère parlent d’un scandale et réclament des excuses.",
		"La Caisse de la Rivière confirme une fraude majeure : des renseignements personnels ont été volés. Un recours collectif est demandé au nom des victimes.",
		"« C’est inacceptable », disent les membres de la Caisse de la Rivière après le vol de leurs données; une plainte est déposée contre la direction.",
	}
	var es []veille.Entry
	for i := range n {
		es = append(es, news(media[i%3], fmt.Sprint("vol", i), minutes-i, fmt.Sprintf("Vol de données à la Caisse de la Rivière : %d plaintes", 12+i), words[i%3]))
	}
	b.read(es...)
}

func (b *bench) sitAt(after time.Duration) []Judgement {
	b.Helper()
	b.now = morning.Add(after)
	return must(b.judge.JudgeAll(b.Context(), b.now))(b.house)
}

func (b *bench) live(topic veille.TopicID) veille.Incident {
	b.Helper()
	return must(b.LiveIncident(b.Context(), topic))(b.house)
}

// told gives what webhooks were sent: webhook and event, by time.
func (b *bench) told() []string {
	b.Helper()
	var out []string
	for _, id := range []veille.WebhookID{"equipe", "centrale", "voisine"} {
		for _, d := range must(b.Deliveries(b.Context(), id, 0))(b.house) {
			out = append([]string{string(id) + " " + d.Event}, out...)
		}
	}
	return out
}

func TestACrisisOpensIsToldOnceRisesAndIsResolvedWhenCalm(t *testing.T) {
	b := sit(t)
	b.same("calm", len(b.sitAt(-time.Hour)), 2)
	_, err := b.LiveIncident(t.Context(), b.topic)
	b.is(err, veille.ErrNotFound)

	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	if i.Level.Rank() < veille.LevelEscalate.Rank() || i.StoryID == "" || len(i.Signals) == 0 || i.BranchID != river {
		t.Fatalf("opened %+v", i)
	}
	b.same("not told before it has company", b.told(), []string{})
	b.sitAt(30 * time.Second)
	b.same("told to the caisse and to those above", b.told(), []string{"centrale incident.opened", "equipe incident.opened"})
	var ids []string
	for _, w := range []veille.WebhookID{"equipe", "centrale"} {
		for _, d := range must(b.Deliveries(t.Context(), w, 0))(b.house) {
			ids = append(ids, string(d.ID))
			var body map[string]any
			if err := json.Unmarshal(d.Body, &body); err != nil || bytes.Contains(d.Body, []byte(secret)) {
				t.Errorf("body %s: %v", d.Body, err)
			}
		}
	}
	b.same("with a job each", len(b.jobs(job.KindWebhook)), 2)
	for _, id := range ids {
		b.same("of its delivery", string(b.attempt(job.KindWebhook, id).Args), `{"delivery":"`+id+`"}`)
	}
	for n := range 5 {
		b.sitAt(time.Minute + time.Duration(n)*30*time.Second)
	}
	b.same("told once", len(b.told()), 2)

	if i.Level != veille.LevelCrisis {
		b.theft(9, -10)
		b.sitAt(20 * time.Minute)
		b.same("raised", b.live(b.topic).Level, veille.LevelCrisis)
		b.same("its rise is told", b.told()[2:], []string{"centrale incident.raised", "equipe incident.raised"})
	}
	for day := range 21 {
		b.sitAt(time.Duration(day+1) * 24 * time.Hour)
	}
	closed := must(b.Incident(t.Context(), i.ID))(b.house)
	b.same("calm again", closed.State, veille.IncidentResolved)
	events := must(b.IncidentEvents(t.Context(), i.ID))(b.house)
	b.same("from the beginning", events[0].Kind, "opened")
	b.same("to the end", events[len(events)-1].Kind, "resolved")
	told := b.told()
	b.same("and that is told", told[len(told)-1], "equipe incident.resolved")
}

func TestAMovementIsJudgedFirstAndItsBranchesInherit(t *testing.T) {
	b := sit(t)
	for i, src := range []veille.SourceID{"quotidien", "radio", "hebdo"} {
		b.read(news(src, fmt.Sprint("crise", i), 5-i, fmt.Sprintf("Fraude chez Desrivières : %d membres floués", 300+i),
			"Une enquête policière vise Desrivières pour fraude. Des membres en colère parlent d’un scandale et un recours collectif est demandé."))
	}
	judged := b.sitAt(0)
	b.same("in order", []veille.TopicID{judged[0].Topic.ID, judged[1].Topic.ID}, []veille.TopicID{b.whole, b.topic})
	branch := judged[1].Verdict
	inherited := false
	for _, s := range branch.Signals {
		inherited = inherited || s.Kind == "inherited" && s.Points > 0
	}
	if !inherited {
		t.Errorf("the caisse does not inherit from %+v: %+v", judged[0].Verdict.Level, branch)
	}
}

func TestAnIncidentThatAPersonMovedIsLeftToHer(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	b.judge.incidents = between{b, new(sync.Once), func() { b.ok(b.response.Acknowledge(t.Context(), i.ID, "una")) }}
	judged := b.sitAt(30 * time.Second)
	b.same("the judge gives way", judged[len(judged)-1].Incident.State, veille.IncidentOpen)
	b.same("to her word", b.live(b.topic).State, veille.IncidentAcknowledged)
	b.same("and tells nothing it did not decide", b.told(), []string{})
	b.judge.incidents = b
	b.sitAt(time.Minute)
	i = b.live(b.topic)
	b.same("and goes on from it", []any{i.State, i.OwnerID, i.JudgedAt}, []any{veille.IncidentAcknowledged, veille.UserID("una"), b.now})
}

func TestAPersonsActIsNotRefusedBecauseTheJudgeWrote(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	b.response.incidents = between{b, new(sync.Once), func() { b.sitAt(30 * time.Second) }}
	b.ok(b.response.Acknowledge(t.Context(), i.ID, "una"))
	b.same("taken", b.live(b.topic).OwnerID, veille.UserID("una"))
	b.same("written once", must(b.IncidentEvents(t.Context(), i.ID))(b.house)[1:], []veille.IncidentEvent{
		{IncidentID: i.ID, At: b.now, Kind: "acknowledged", By: "una", Level: i.Level, Score: i.Score}})
}

// between lets another write an incident between its reading and its writing,
// once.
type between struct {
	*bench
	once  *sync.Once
	other func()
}

func (b between) PutIncident(ctx context.Context, i veille.Incident, events []veille.IncidentEvent, ds []veille.Delivery, jobs ...job.Job) error {
	b.once.Do(b.other)
	return b.bench.PutIncident(ctx, i, events, ds, jobs...)
}

func TestSilenceMutesAndDoesNotHide(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	b.ok(b.response.Silence(t.Context(), i.ID, "una", time.Hour, "réunion"))
	b.sitAt(30 * time.Minute)
	b.same("mute", b.told(), []string{})
	b.same("not hidden", b.live(b.topic).SilenceReason, "réunion")
	b.sitAt(time.Hour)
	b.same("told when it ends", len(b.told()), 2)
}

func TestAFalseAlarmDoesNotComeBackWithItsStory(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	b.ok(b.response.FalseAlarm(t.Context(), i.ID, "una", "c’est un exercice"))
	b.theft(5, -10)
	if e := entry(b.house, "quotidien", "vol4"); e.Reading.StoryID != i.StoryID {
		t.Fatalf("the story of the incident is %s, of what follows %s", i.StoryID, e.Reading.StoryID)
	}
	b.sitAt(20 * time.Minute)
	_, err := b.LiveIncident(t.Context(), b.topic)
	b.is(err, veille.ErrNotFound)
}

func TestThePastIsToldAndNotDecidedAgain(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	b.same("before: nothing was seen", b.sitAt(-time.Hour)[1].Verdict.Entries, 0)
	b.theft(9, -10)
	b.sitAt(20 * time.Minute)
	b.ok(b.response.Resolve(t.Context(), i.ID, "una"))
	b.sitAt(time.Hour)
	want := must(b.Incident(t.Context(), i.ID))(b.house)

	then := b.sitAt(5 * time.Minute)[1]
	b.same("then: what was seen then", then.Verdict.Entries, 2)
	b.same("as grave as it was", then.Verdict.Level, i.Level)
	for _, hours := range []int{-24, 0, 2} {
		b.sitAt(time.Duration(hours)*time.Hour + 5*time.Minute)
	}
	b.same("and nothing is written", must(b.Incident(t.Context(), i.ID))(b.house), want)
	b.same("no other incident", len(must(b.Incidents(t.Context(), veille.IncidentFilter{}))(b.house)), 1)
}

func TestATopicThatCannotBeJudgedDoesNotStopTheOthers(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.judge.evidence = failing{b, b.whole}
	judged, err := b.judge.JudgeAll(t.Context(), morning)
	if !errors.Is(err, errGone) || len(judged) != 1 || judged[0].Incident == nil {
		t.Errorf("judged %d, %v", len(judged), err)
	}
}

var errGone = errors.New("disk gone")

// failing is evidence that cannot be read for one topic.
type failing struct {
	*bench
	topic veille.TopicID
}

func (f failing) JudgedMentions(ctx context.Context, t veille.TopicID, since time.Time) ([]veille.JudgedMention, error) {
	if t == f.topic {
		return nil, errGone
	}
	return f.bench.JudgedMentions(ctx, t, since)
}

func TestRunJudgesEachThirtySecondsAndSoonAfterItIsWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := &counted{}
		var log bytes.Buffer
		j := NewJudge(slog.New(slog.NewTextHandler(&log, nil)), asked, nil, nil, nil)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- j.Run(ctx) }()
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if asked.n.Load() != 3 {
			t.Errorf("judged %d times in a minute, want 3", asked.n.Load())
		}
		j.Wake()
		j.Wake()
		synctest.Wait()
		if asked.n.Load() != 3 {
			t.Errorf("woken a second after, it has judged %d times", asked.n.Load())
		}
		time.Sleep(rest)
		synctest.Wait()
		if asked.n.Load() != 4 {
			t.Errorf("woken twice and rested, it has judged %d times, want once more", asked.n.Load())
		}
		if !bytes.Contains(log.Bytes(), []byte("tried again")) {
			t.Errorf("a fault is not logged: %s", log.Bytes())
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// counted counts the judgements begun, and has no topic to give.
type counted struct{ n atomic.Int64 }

func (c *counted) Topics(context.Context, []veille.BranchID) ([]veille.Topic, error) {
	c.n.Add(1)
	return nil, errGone
}

func (c *counted) Scope(context.Context, veille.BranchID) ([]veille.BranchID, error) {
	panic("not asked")
}
