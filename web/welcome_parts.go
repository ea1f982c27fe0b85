package web

import "github.com/a-h/templ"

// welcomeSteps are the texts of the four steps.
func welcomeSteps() []string {
	return []string{"welcome.step_you", "welcome.step_topics", "welcome.step_sources", "welcome.step_reading"}
}

// topicLabel names a proposed topic on its form.
func topicLabel(v *visit, row topicRow) string {
	if row.Topic.Name == "" {
		return v.T("welcome.topic_own")
	}
	return v.T("welcome.topic_keep", "name", row.Topic.Name)
}

// pollUnless makes a part of the page ask for itself again.
func pollUnless(done bool) templ.Attributes {
	if done {
		return nil
	}
	return templ.Attributes{"hx-get": "/bienvenue/lecture", "hx-trigger": "every 2s", "hx-swap": "outerHTML"}
}

func meterClass(p Progress) string {
	if p.Done {
		return "ok"
	}
	return ""
}
