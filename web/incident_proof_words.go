package web

import (
	"time"

	"veilleur/internal/veille"
)

// proofStyle dresses the exported document. It is no page of ours: it is opened
// from a folder, where no content policy and no asset follow it.
const proofStyle = `<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #16202b; background: #fff; }
h1, h2, h3 { line-height: 1.25; }
th { text-align: left; vertical-align: top; padding-right: 1rem; }
blockquote { margin: .25rem 0; padding-left: 1rem; border-left: 3px solid #8a97a5; }
small { display: block; color: #46525f; overflow-wrap: anywhere; }
mark { background: #ffe9a8; }
</style>`

// proofTime is a time with its offset, which a record cannot do without.
func (v *visit) proofTime(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(v.Zone).Format("2006-01-02 15:04:05 -07:00")
}

// proofFacts are what was judged and by what, name and value.
func (v *visit) proofFacts(p proof) [][2]string {
	i := p.Incident
	state := v.T("proof.state_" + string(i.State))
	history := historySays(v, i.Weeks, false)
	if i.ShortOfData {
		history = v.T("crisis.short_of_data", "n", i.Weeks)
	}
	return [][2]string{
		{v.T("proof.topic"), p.Topic.Name},
		{v.T("proof.query"), p.Topic.Query},
		{v.T("proof.sensitivity"), v.T("topics.word_" + sensitivityOf(p.Topic))},
		{v.T("proof.level"), v.T("proof.level_says", "level", v.T("web.level_"+string(i.Level)), "from", p.Thresholds[string(i.Level)], "score", i.Score, "peak", i.Peak)},
		{v.T("proof.state"), state},
		{v.T("proof.opened"), v.proofTime(i.OpenedAt)},
		{v.T("proof.judged_at"), v.proofTime(i.JudgedAt)},
		{v.T("proof.closed"), v.proofTime(i.ClosedAt)},
		{v.T("proof.history"), history},
		{v.T("proof.program"), p.Program},
		{v.T("proof.judge"), p.Judge},
	}
}

// where says where the entry of a sentence stands.
func (p proof) where(v *visit, id veille.EntryID) string {
	for _, e := range p.Entries {
		if e.ID == id {
			return e.Source + " · " + v.proofTime(e.Published) + " · " + e.URL
		}
	}
	return v.T("incident.entry_gone")
}

// told is one line of the history, by the names of the record.
func (p proof) told(v *visit, e proofEvent) string {
	m := incidentModel{People: map[veille.UserID]string{e.By: e.ByName}}
	return m.told(v, e.IncidentEvent)
}
