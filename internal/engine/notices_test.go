package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"veilleur/api/webhook"
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// receiver is a webhook that answers as told and remembers what it got.
type receiver struct {
	*house
	out    *Notices
	id     veille.WebhookID
	answer http.HandlerFunc
	got    []message
	wait   time.Duration // asked for by the last attempt; 0 when it ended
}

type message struct {
	id   string
	body []byte
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{house: build(t), id: "equipe"}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if err := webhook.Verify([]string{secret}, q.Header, body, r.now); err != nil {
			t.Error(err)
		}
		r.got = append(r.got, message{q.Header.Get(webhook.HeaderID), body})
		r.answer(w, q)
	}))
	t.Cleanup(s.Close)
	r.out = r.notices(s.Client())
	r.ok(r.PutWebhook(t.Context(), veille.Webhook{ID: r.id, BranchID: river, Name: "Équipe",
		URL: s.URL + "/jeton-tres-secret?cle=autre-secret", Secret: secret, CreatedAt: morning}))
	return r
}

// deliver makes one attempt of the only job, and moves the clock to the next.
func (r *receiver) deliver(id veille.DeliveryID) (again bool) {
	r.Helper()
	err := r.out.Deliver(r.Context(), r.attempt(job.KindWebhook, string(id)))
	for _, s := range []string{secret, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "jeton-tres-secret", "autre-secret"} {
		if err != nil && strings.Contains(err.Error(), s) {
			r.Errorf("the error tells %q: %v", s, err)
		}
	}
	if err == nil || isPermanent(err) {
		return false
	}
	next := must(r.Delivery(r.Context(), id))(r.house).NextAt
	r.wait, r.now = next.Sub(r.now), next
	return true
}

func (r *receiver) test() veille.DeliveryID {
	r.Helper()
	return must(r.out.Test(r.Context(), r.id))(r.house).ID
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

func TestAMessageIsTriedByTheScheduleThenGivenUp(t *testing.T) {
	r := receive(t)
	r.answer = status(500)
	id := r.test()
	var waits []time.Duration
	for r.deliver(id) {
		waits = append(waits, r.wait)
	}
	want := []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}
	for i, w := range waits {
		if i >= len(want) || w < want[i] || w > want[i]*6/5 {
			t.Errorf("wait %d is %v", i+1, w)
		}
	}
	r.same("attempts", len(r.got), len(want)+1)
	for _, m := range r.got {
		if m.id != string(id) || !bytes.Equal(m.body, r.got[0].body) {
			t.Errorf("an attempt sent %s %s", m.id, m.body)
		}
	}
	d := must(r.Delivery(t.Context(), id))(r.house)
	r.same("kept", []any{d.State, d.Attempts, d.Status, d.NextAt.IsZero()}, []any{veille.DeliveryGivenUp, 10, 500, true})
	w := must(r.Webhook(t.Context(), r.id))(r.house)
	if w.Problem == nil || w.Disabled || !w.OKAt.IsZero() {
		t.Errorf("the webhook says %+v", w)
	}
	r.same("a job run again sends nothing", [2]any{r.deliver(id), len(r.got)}, [2]any{false, len(want) + 1})
}

func TestAMessageTakenIsDelivered(t *testing.T) {
	r := receive(t)
	r.answer = status(503, "Retry-After", "3600")
	id := r.test()
	r.same("busy", r.deliver(id), true)
	r.same("waits as long as asked", r.wait, time.Hour)
	r.answer = status(204)
	r.same("taken", r.deliver(id), false)
	d := must(r.Delivery(t.Context(), id))(r.house)
	r.same("kept", []any{d.State, d.Attempts, d.Status, d.DeliveredAt}, []any{veille.DeliveryDelivered, 2, 204, r.now})
	w := must(r.Webhook(t.Context(), r.id))(r.house)
	r.same("the webhook is well", []any{w.OKAt, w.Problem == nil}, []any{r.now, true})
}

func TestAReceiverThatIsGoneIsNotCalledAgain(t *testing.T) {
	r := receive(t)
	r.answer = status(410)
	first := r.test()
	ds, jobs := deliveries([]veille.Webhook{{ID: r.id}}, "", "incident.opened", []byte("{}"), r.now)
	r.ok(r.PutDeliveries(t.Context(), ds, jobs...))
	r.same("gone", r.deliver(first), false)
	w := must(r.Webhook(t.Context(), r.id))(r.house)
	r.same("disabled", []any{w.Disabled, w.Problem.Key}, []any{true, "webhook.gone"})
	r.same("what was on its way", r.deliver(ds[0].ID), false)
	r.same("is given up", must(r.Delivery(t.Context(), ds[0].ID))(r.house).State, veille.DeliveryGivenUp)
	r.same("without a call", len(r.got), 1)
	r.answer = status(200)
	r.same("a test is called", r.deliver(r.test()), false)
	r.same("by a person's wish", len(r.got), 2)
	r.same("who alone enables it", must(r.Webhook(t.Context(), r.id))(r.house).Disabled, true)
}

func TestWhatAPersonChangesDuringACallStays(t *testing.T) {
	r := receive(t)
	r.answer = func(w http.ResponseWriter, _ *http.Request) {
		hook := must(r.Webhook(t.Context(), r.id))(r.house)
		hook.Name, hook.Disabled = "Renommé", true
		r.ok(r.PutWebhook(t.Context(), hook))
		w.WriteHeader(200)
	}
	r.same("delivered", r.deliver(r.test()), false)
	w := must(r.Webhook(t.Context(), r.id))(r.house)
	r.same("her words", []any{w.Name, w.Disabled, w.OKAt}, []any{"Renommé", true, r.now})

	r.answer = func(w http.ResponseWriter, _ *http.Request) {
		r.ok(r.DeleteWebhook(t.Context(), r.id))
		w.WriteHeader(500)
	}
	err := r.out.Deliver(t.Context(), r.attempt(job.KindWebhook, string(r.test())))
	if err == nil {
		t.Error("an attempt that failed is told as well")
	}
	_, err = r.Webhook(t.Context(), r.id)
	r.is(err, veille.ErrNotFound)
	err = r.out.Deliver(t.Context(), r.attempt(job.KindWebhook, r.jobs(job.KindWebhook)[1]))
	if !isPermanent(err) {
		t.Errorf("a message to nobody: %v", err)
	}
}

func TestAStopDuringACall(t *testing.T) {
	r := receive(t)
	ctx, stop := context.WithCancel(t.Context())
	r.answer = func(_ http.ResponseWriter, q *http.Request) { stop(); <-q.Context().Done() }
	id := r.test()
	err := r.out.Deliver(ctx, r.attempt(job.KindWebhook, string(id)))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	d := must(r.Delivery(t.Context(), id))(r.house)
	r.same("is no failed attempt", []any{d.State, d.Attempts}, []any{veille.DeliveryPending, 0})
}
