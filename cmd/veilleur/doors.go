package main

import (
	"net/http"
	"strings"

	"veilleur/api"
	"veilleur/crawler"
	"veilleur/internal/veille"
	"veilleur/web"
)

// handler is every door on one address: programs under /api, /flux, /healthz
// and /metrics, hubs under /websub, people everywhere else.
func (a *app) handler() (http.Handler, error) {
	pages, err := a.pages()
	if err != nil {
		return nil, err
	}
	programs := a.programs()
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/flux/", "/healthz", "/metrics"} {
		mux.Handle(path, programs)
	}
	mux.Handle(crawler.PushPath, a.crawler.Hubs())
	mux.Handle("/", pages)
	return mux, nil
}

func (a *app) programs() http.Handler {
	st := a.store
	return api.New(a.lg, api.Deps{
		People: st, Finder: a.finder, Archive: st, Sources: sourceRoom{st, a.forgetting}, Desk: desk{a}, Topics: st, Watch: a.watch,
		Incidents: st, Response: a.response, Ideas: st, Suggest: a.ideas, Posts: st, Drafts: a.posts, Moves: a.posts,
		Channels: st, Goals: st, Webhooks: st, Notices: a.notices, Searches: st, Mornings: a.mornings, Vitals: st,
		Key: a.key, Base: a.cfg.Address, Version: version(),
	})
}

func (a *app) pages() (http.Handler, error) {
	trusted, err := prefixes("trusted-proxies", a.cfg.Proxies)
	if err != nil {
		return nil, err
	}
	return web.New(a.lg, web.Deps{
		Accounts: a.store, Sessions: a.store.Sessions(), Shell: desk{a}, Setup: webDesk{desk{a}},
		Crises: web.CrisesDeps{
			Incidents: a.store, Watched: a.store, Evidence: a.store, Response: a.response, Steps: a.response, Posts: a.store, Hold: a.posts,
			Foresight: a.judge, Tunings: a.store,
		},
		Goals: web.GoalsDeps{Goals: a.store, Measures: a.store},
		News: web.NewsDeps{
			Mornings: a.mornings, Memory: a.store, Reach: a.store, Archive: a.store, Finder: a.finder, Mentions: a.store,
			Topics: a.store, Watch: a.watch, Saved: a.store, Sorter: a.sorter, Changes: a.store, Reasons: a.group, Flux: a.flux, Corrections: a.corrections, Said: a.store,
		},
		Calendar: web.CalendarDeps{
			Ideas: a.store, IdeaActs: a.ideas, Cites: a.store, Reach: a.store, Posts: a.store, Drafts: a.posts, Moves: a.posts,
			Outcomes: a.posts, Pictures: a.media, Live: a.store,
			ICS: func(b veille.Branch) string { return a.flux("calendrier", string(b.ID), "ics") },
		},
		Settings: web.SettingsDeps{
			Scope: a.store, Sources: sourceRoom{a.store, a.forgetting}, Scout: webDesk{desk{a}}, Reader: desk{a}, Mailboxes: webDesk{desk{a}}, Topics: a.store, Watch: a.watch, Finder: a.finder,
			Foresight: a.judge, Tunings: a.store,
			Channels: a.store, Checker: a.wordpress, Digests: a.digests, Mailer: a.mail, Webhooks: a.store, Deliveries: a.store,
			Notices: a.notices, Team: a.store, Tokens: a.store, Vitals: a.store, Index: a.index,
		},
	}, web.Config{Secure: strings.HasPrefix(a.cfg.Address, "https://"), Trusted: trusted, Version: version()})
}

// flux is the signed address of a stream.
func (a *app) flux(kind, id, ext string) string {
	return api.Flux(a.cfg.Address, a.key, kind, id, ext)
}
