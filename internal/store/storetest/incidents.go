package storetest

import (
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

func incidentID(i veille.Incident) veille.IncidentID { return i.ID }

func (f *fixture) incident(id veille.IncidentID, topic veille.TopicID, opened int) veille.Incident {
	detail := veille.Say("crisis.usual", "low", "0", "high", "2")
	return veille.Incident{ID: id, BranchID: river, TopicID: topic, StoryID: "st", Title: "Fraude",
		State: veille.IncidentOpen, Level: veille.LevelEscalate, LevelAt: f.at(opened), Score: 62.5, Peak: 70,
		PeakLevel: veille.LevelEscalate, Weeks: 6, ShortOfData: true, Entries: 9, Independent: 4, Inherited: true,
		OpenedAt: f.at(opened), JudgedAt: f.at(opened + 1), NotifiedLevel: veille.LevelReview,
		Signals: []veille.Signal{{Kind: "volume", Points: 30, Max: 35, Reason: veille.Say("crisis.volume"), Detail: &detail,
			Evidence: []veille.Evidence{{EntryID: "e", Passage: veille.Passage{Field: "text", Text: "fraude"}}}}}}
}

func testIncidents(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	f.ok(f.PutTopic(ctx, f.topic("t2", river)))
	f.ok(f.PutWebhook(ctx, veille.Webhook{ID: "w1", BranchID: river, Secret: "whsec_x", CreatedAt: f.now}))
	i := f.incident("i1", "t1", 0)
	opened := veille.IncidentEvent{IncidentID: "i1", At: f.now, Kind: "opened", Level: i.Level, Score: i.Score}
	d := veille.Delivery{ID: "msg_1", WebhookID: "w1", IncidentID: "i1", Event: "incident.opened",
		Body: []byte(`{"a":"é"}`), State: veille.DeliveryPending, CreatedAt: f.now}
	f.ok(f.PutIncident(ctx, i, []veille.IncidentEvent{opened}, []veille.Delivery{d}, job.Job{Kind: job.KindWebhook, Key: "msg_1"}))
	i.Version = 1
	f.same("as put", must(f.Incident(ctx, "i1"))(f), i)
	f.same("live", must(f.LiveIncident(ctx, "t1"))(f), i)
	f.same("its delivery", must(f.Delivery(ctx, "msg_1"))(f), d)
	f.is(f.PutIncident(ctx, f.incident("i2", "t1", 1), nil, nil), veille.ErrConflict) // one live at a time
	f.is(f.PutIncident(ctx, f.incident("i2", "none", 1), nil, nil), veille.ErrInvalid)

	i.State, i.ClosedAt, i.CloseReason, i.OwnerID = veille.IncidentFalseAlarm, f.at(20), "une finale de hockey", "u1"
	i.AckedAt, i.SilencedUntil, i.SilenceReason, i.NotifiedAt = f.at(3), f.at(4), "nuit", f.at(5)
	closed := veille.IncidentEvent{IncidentID: "i1", At: f.now, Kind: "false_alarm", By: "u1", Level: veille.LevelNone, Note: "n"}
	f.ok(f.PutIncident(ctx, i, []veille.IncidentEvent{closed}, nil))
	stale := i
	i.Version = 2
	f.same("as changed", must(f.Incident(ctx, "i1"))(f), i)
	stale.State = veille.IncidentOpen
	f.is(f.PutIncident(ctx, stale, []veille.IncidentEvent{opened}, nil, job.Job{Kind: job.KindMail, Key: "x"}), veille.ErrConflict)
	f.same("a stale write changes nothing", must(f.Incident(ctx, "i1"))(f), i)
	f.same("and causes nothing", f.countJobs(), 1)
	f.same("events in order", must(f.IncidentEvents(ctx, "i1"))(f), []veille.IncidentEvent{opened, closed})
	f.same("false alarms", must(f.FalseAlarms(ctx, "t1"))(f), []veille.Incident{i})
	learned := veille.Tuning{IncidentID: "i1", TopicID: "t1", At: f.now, By: "u1", Reason: "une finale de hockey"}
	f.same("what it taught", must(f.Tunings(ctx, "t1"))(f), []veille.Tuning{learned})
	f.same("to its topic alone", len(must(f.Tunings(ctx, "t2"))(f)), 0)
	for range 2 { // twice changes nothing
		f.ok(f.UndoTuning(ctx, "i1", "u2", f.at(30)))
	}
	learned.UndoneAt, learned.UndoneBy = f.at(30), "u2"
	f.same("taken back", must(f.Tunings(ctx, "t1"))(f), []veille.Tuning{learned})
	f.same("it teaches no more", len(must(f.FalseAlarms(ctx, "t1"))(f)), 0)
	undone := veille.IncidentEvent{IncidentID: "i1", At: f.at(30), Kind: "tuning_undone", By: "u2", Level: i.Level, Score: i.Score}
	f.same("and it is told", must(f.IncidentEvents(ctx, "i1"))(f), []veille.IncidentEvent{opened, closed, undone})
	f.is(f.UndoTuning(ctx, "none", "u1", f.now), veille.ErrNotFound)
	_, err := f.LiveIncident(ctx, "t1")
	f.is(err, veille.ErrNotFound)
	_, err = f.Incident(ctx, "none")
	f.is(err, veille.ErrNotFound)

	i3, i4 := f.incident("i3", "t1", 10), f.incident("i4", "t2", 5)
	i4.BranchID, i4.State = hill, veille.IncidentAcknowledged
	f.ok(f.PutIncident(ctx, i3, nil, nil))
	f.ok(f.PutIncident(ctx, i4, nil, nil))
	for name, c := range map[string]struct {
		filter veille.IncidentFilter
		want   []string
	}{
		"all, newest first":    {veille.IncidentFilter{}, []string{"i3", "i4", "i1"}},
		"live":                 {veille.IncidentFilter{Live: true}, []string{"i3", "i4"}},
		"of a scope":           {veille.IncidentFilter{Scope: []veille.BranchID{river}}, []string{"i3", "i1"}},
		"opened since":         {veille.IncidentFilter{Since: f.at(7), Live: true}, []string{"i3"}},
		"opened, closed since": {veille.IncidentFilter{Since: f.at(7)}, []string{"i3", "i1"}},
		"n at most":            {veille.IncidentFilter{Limit: 2}, []string{"i3", "i4"}},
	} {
		f.same(name, idsOf(must(f.Incidents(ctx, c.filter))(f), incidentID), c.want)
	}
}
