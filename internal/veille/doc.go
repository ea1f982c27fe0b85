// Package veille holds the nouns of the house and their rules: what a branch,
// a source, an entry, a story, a topic, an incident, an idea, a post and a
// goal are, their ids, and the five kinds of error. It stands on the standard
// library alone, and everything stands on it. One word has one meaning: it is
// the type here, the table in the store, the field in the JSON and the title
// of the page.
//
// # The house
//
// A source gives entries. An entry joins a story, enters the index, and
// becomes a mention of each topic it matches. On a clock, mentions give
// signals, signals make an incident, an incident causes notifications. Stories
// and goals suggest ideas; an idea becomes a post, a post waits for its hour
// on a channel and is published.
//
// What comes in is in crawler; what is derived from entries and could be
// rebuilt is in index; what people and programs see is in web and api; nouns,
// memory and effects are in internal:
//
//	cmd/veilleur          one file per command; wires the house, top to bottom
//	crawler               due sources → fetch → parse → store; politeness, leases
//	  crawler/fetch         bytes from an address; the one guarded client
//	  crawler/feed          bytes → entries: guard, then gofeed, then our mapping
//	  crawler/alert         Google Alerts and News, Bing, Talkwalker: links unwrapped
//	  crawler/mailbox       mails by IMAP, read without a trace
//	  crawler/letter        a mail → the results of an alert, or a newsletter; who signed it
//	  crawler/network       YouTube, Reddit, Mastodon, Bluesky, WordPress: where their feeds are
//	  crawler/page          article text, the feeds a page has, and pages watched
//	  crawler/robots        what a site's robots.txt lets us read
//	  crawler/websub        pushes instead of polls: hubs, leases, signatures
//	  crawler/opml          lists of feeds, in and out
//	index                 the Index interface, and bleve, its embedded default
//	  index/columns         small columns in memory: facets, histograms, sorts
//	  index/text            the one tokenizer
//	  index/query           the one query language
//	  index/match           entry × thousands of topics
//	  index/lang index/tone index/keyphrase    what one entry says of itself
//	  index/dedup index/story                  reprints folded, events grouped
//	  index/press           who really speaks: agencies, and press groups nobody named
//	  index/relevance       the institution, or another of its name
//	  index/crisis          mentions → signals → incident
//	  index/idea            stories → ranked ideas
//	  index/indextest       the suite every Index passes
//	api                   JSON, RSS, CSV and ICS for programs
//	  api/webhook           signed messages and their schema: a public contract
//	web                   the dashboard, one file per page
//	  web/assets            our CSS and TypeScript, and what is bundled from npm
//	internal
//	  internal/veille       this package
//	  internal/engine       the two paths, and the small interfaces they need
//	  internal/store        SQLite and PostgreSQL: one schema, one set of queries
//	    internal/store/migrations internal/store/storetest
//	  internal/job          effects, run by River on either database
//	  internal/notify       is this change of an incident told?
//	  internal/publish      states and moves of posts, slots, outcomes
//	    internal/publish/manual internal/publish/wordpress internal/publish/publishtest
//	  internal/digest internal/mail            the morning mail, and how it leaves
//	  internal/goal internal/playbook          pace of a goal; what to do in an incident
//	  internal/auth internal/i18n              who may; in which language
//	  internal/demo         a small fictional movement
//	  internal/measure internal/quality        how good the signals are: the scores, and the table of them
//	  internal/replay       a timeline of entries played again, to measure the judge
//	  internal/sample       the ideas of a month, written to be read
//	  internal/train        makes what index/tone ships, offline
//	  internal/archtest     keeps this text true
//
// # Two mechanisms
//
// Inward, cursors: each stage reads the log of entries from its own saved
// position, so that nothing is lost and "do it all again" is "set the cursor
// to 0". A stage may run twice on one entry: every put is an upsert by key.
//
// Outward, jobs: whatever touches the world is written in the transaction that
// decides it, with a key, then run with retries. Derived data must be
// replayable and effects must never be replayed, hence two mechanisms.
//
// # Where this differs from the first drawing
//
// A post is for one channel: writing for three channels makes three posts, so
// that each has its own state and is sent at most once. The stages match and
// search never pass group, because they read the language and the story it
// found; group reads what came together by date, in bursts that a rebuild finds
// again (internal/engine/burst.go). The tokens (index/text) serve their neighbours in index as the query
// language does.
//
// # Layers
//
//	0 nouns         internal/veille: the standard library
//	1 capabilities  crawler/…, index, index/…, job, notify, publish, digest, goal,
//	                playbook, mail, auth, i18n, api/webhook: the nouns, never each other
//	2 adapters      one package a network: 0 and 1
//	3 memory        internal/store, crawler: 0 and 1
//	4 paths         internal/engine: 0 and 1; the store only through its interfaces
//	5 doors         api, web: 0, 1 and 4; not each other
//	6 wiring        cmd/veilleur, internal/demo, internal/quality, internal/replay, internal/sample,
//	                internal/train: all
//
// internal/archtest reads the files and fails on an import that crosses them.
package veille
