package engine

import (
	"errors"
	"testing"
	"time"

	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

func TestActsOnAnIncident(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	i := b.live(b.topic)
	topic := must(b.Topic(t.Context(), b.topic))(b.house)
	step := playbook.For(i, topic).Steps[0].Says.Key
	r, ctx := b.response, t.Context()
	for name, c := range map[string]struct {
		act func() error
		key string // of the sentence said; "" when none is
	}{
		"a false alarm without a reason":      {func() error { return r.FalseAlarm(ctx, i.ID, "una", " \n") }, "incident.reason_needed"},
		"a silence without a reason":          {func() error { return r.Silence(ctx, i.ID, "una", time.Hour, "") }, "incident.reason_needed"},
		"a silence of no length":              {func() error { return r.Silence(ctx, i.ID, "una", 0, "réunion") }, "incident.silence_length"},
		"a silence of more than a week":       {func() error { return r.Silence(ctx, i.ID, "una", 169*time.Hour, "vacances") }, "incident.silence_length"},
		"a step of another playbook":          {func() error { return r.Step(ctx, i.ID, "una", "playbook.closure.check", true) }, ""},
		"a step by its number":                {func() error { return r.Step(ctx, i.ID, "una", "0", true) }, ""},
		"a step that says what nobody checks": {func() error { return r.Step(ctx, i.ID, "una", "<script>", true) }, ""},
	} {
		err := c.act()
		if s, _ := veille.SaysOf(err); s.Key != c.key || !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%s: %v, want %q", name, err, c.key)
		}
	}
	b.is(r.Resolve(ctx, "none", "una"), veille.ErrNotFound)

	for _, act := range []func() error{
		func() error { return r.Acknowledge(ctx, i.ID, "una") },
		func() error { return r.Acknowledge(ctx, i.ID, "una") }, // twice is once
		func() error { return r.Step(ctx, i.ID, "una", step, true) },
		func() error { return r.Step(ctx, i.ID, "una", step, false) },
		func() error { return r.Silence(ctx, i.ID, "luc", time.Hour, " réunion ") },
		func() error { return r.Acknowledge(ctx, i.ID, "luc") }, // another takes it over
		func() error { return r.FalseAlarm(ctx, i.ID, "luc", "un exercice") },
	} {
		b.ok(act())
	}
	var told []string
	for _, e := range must(b.IncidentEvents(ctx, i.ID))(b.house)[1:] {
		told = append(told, e.Kind+" "+string(e.By)+" "+e.Note)
	}
	b.same("history", told, []string{"acknowledged una ", "step_done una " + step, "step_undone una " + step,
		"silenced luc réunion", "acknowledged luc ", "false_alarm luc un exercice"})
	got := must(b.Incident(ctx, i.ID))(b.house)
	b.same("as it is now", []any{got.State, got.OwnerID, got.CloseReason, got.SilenceReason, got.ClosedAt},
		[]any{veille.IncidentFalseAlarm, veille.UserID("luc"), "un exercice", "réunion", b.now})
	for name, err := range map[string]error{
		"taken": r.Acknowledge(ctx, i.ID, "una"), "resolved": r.Resolve(ctx, i.ID, "una"),
		"silenced": r.Silence(ctx, i.ID, "una", time.Hour, "vu"), "ticked": r.Step(ctx, i.ID, "una", step, true),
	} {
		if s, _ := veille.SaysOf(err); s.Key != "incident.already_closed" || !errors.Is(err, veille.ErrConflict) {
			t.Errorf("once closed it is %s: %v", name, err)
		}
	}
}

func TestTakingAndEndingAnIncidentThatWasToldIsTold(t *testing.T) {
	b := sit(t)
	b.theft(2, 5)
	b.sitAt(0)
	b.sitAt(30 * time.Second)
	i := b.live(b.topic)
	b.now = b.now.Add(time.Second)
	b.ok(b.response.Acknowledge(t.Context(), i.ID, "una"))
	b.now = b.now.Add(time.Second)
	b.ok(b.response.Resolve(t.Context(), i.ID, "una"))
	b.same("in order", b.told(), []string{"centrale incident.opened", "centrale incident.acknowledged", "centrale incident.resolved",
		"equipe incident.opened", "equipe incident.acknowledged", "equipe incident.resolved"})
}
