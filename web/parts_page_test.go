package web

import (
	"context"
	"io"
	"math"
	"time"

	"github.com/a-h/templ"

	"veilleur/internal/veille"
)

// everyPart is a page that holds each part once, to be looked at and judged.
func everyPart(v *visit) templ.Component {
	hit := veille.Passage{Text: "… la Caisse de la Rivière dit vouloir fermer le vendredi…", Marks: [][2]int{{7, 28}, {41, 47}}}
	bars := []bar{{N: 1, Off: true}, {N: 4}, {N: 9}, {N: 7, Hot: true}, {N: 0}, {N: 3, Off: true}}
	return templ.Join(
		raw(`<div class="head"><h1>Essai</h1><span class="seg"><a class="btn" href="/">Mois</a><a class="btn" href="/" aria-current="page">Semaine</a></span><button class="pri">Nouvelle publication</button></div><div class="grid"><div><section><h2>À savoir <b>3 nouvelles</b></h2><article class="story"><h3><a href="/">Le comptoir réduit ses heures</a></h3><p>`),
		quoted(v, hit),
		raw(`</p><div class="meta"><span><b>2 sources</b> indépendantes</span>`), ago(v, v.Now.Add(-20*time.Hour)),
		toneMark(v, "negative", []veille.ToneWord{{Word: "fermer", Weight: -1}}),
		raw(`</div><div class="act"><button>En faire une idée</button><button class="quiet">Écarter</button></div></article>`),
		raw(`<article class="story"><h3><a href="/">Un frigo communautaire</a></h3><p>`), passage(hit),
		raw(`</p><div class="meta">`), toneMark(v, "positive", nil), toneMark(v, "neutral", nil), levelBadge(v, veille.LevelWatch),
		levelBadge(v, veille.LevelCrisis), raw(`<span class="chip on">15 jours</span></div></article></section>`),
		listEnd("C’est tout pour aujourd’hui."),
		emptyState("lightbulb", "Rien ici", "Ceci arrive quand rien n’a été trouvé."),
		templ.Join(noticeWith("ok"), noticeWith("warn"), noticeWith("bad"), noticeWith("")),
		raw(`<div class="scroll"><table><thead><tr><th>Source</th><th class="n">Articles</th></tr></thead><tbody><tr><td>Le Courrier</td><td class="n">1 204</td></tr></tbody></table></div>`),
		raw(`</div><aside><div class="card"><h2>Volume</h2>`), barChart("Articles par jour", bars, [3]string{"25 août", "8 oct.", "auj."}, cardWide),
		raw(`</div><div class="card lamp"><h2>Objectif</h2><p class="big">178 <small>/ 200 abonnés</small></p>`),
		sparkChart(spark{Values: []float64{160, 163, 162, 170, 178}, Forecast: 181, Goal: 200, Says: "De 160 à 178"}),
		meter(62, 100, "bad"), meter(30, math.Pi*20, ""),
		raw(`<p id="t">Texte</p>`), copyButton(v, "t"),
		raw(`</div><div class="card"><form class="form" data-confirm="Vraiment?">`),
		textarea(field{Name: "text", Label: "Texte", Hint: "Court.", Error: "Trop court.", Value: "a"}),
		raw(`<div class="btns"><button class="danger">Effacer</button></div></form></div></aside></div>`),
	)
}

func raw(html string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, html)
		return err
	})
}

func noticeWith(kind string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return noticeBox(kind).Render(templ.WithChildren(ctx, raw("<p>Une phrase qui dit ce qui s’est passé.</p>")), w)
	})
}
