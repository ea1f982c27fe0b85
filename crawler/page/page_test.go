package page

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const comptoir = `<!doctype html><html lang="fr-CA"><head><title>Un comptoir ferme | L’Écho</title>
<meta property="og:title" content="Un comptoir de la Caisse de la Rivière ferme">
<meta property="og:site_name" content="L’Écho de Saint-Aubert"><meta property="og:image" content="/photos/comptoir.jpg">
<link rel="canonical" href="https://echo.test/2026/11/comptoir">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"headline":"x","author":[{"name":"Anne Exemple"},{"name":"Luc Fictif"}],"datePublished":"2026-11-23T09:30:00-05:00"}]}</script>
</head><body>
<div id="didomi-notice" class="consent"><p>Nous et nos partenaires utilisons des témoins pour vous offrir une meilleure expérience de navigation, veuillez accepter.</p></div>
<header><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sports">Sports</a></li></ul></nav></header>
<main><article><h1>Un comptoir de la Caisse de la Rivière ferme</h1>
<p class="byline">Par Anne Exemple</p>
<p>Le comptoir de la rue Principale fermera ses portes le 1<sup>er</sup> mars, a annoncé la Caisse de la Rivière lundi, devant une quarantaine de membres réunis à la salle communautaire.</p>
<p>« Nous savons que cette décision touche des personnes qui venaient ici depuis quarante ans », a dit la directrice générale, qui promet une navette hebdomadaire vers le siège.</p>
<div class="related-articles"><h3>À lire aussi</h3><ul><li><a href="/a">Une bourse de la caisse remise à une étudiante de la région</a></li></ul></div>
<p>Le maire demande un délai d’un an. Une pétition circule, et plus de trois cents noms y figuraient en fin de journée, selon ceux qui la portent de porte en porte.</p>
<blockquote><p>« On ne ferme pas un village comme on ferme un tiroir », écrit l’une d’eux, dont la mère de quatre-vingt-dix ans se rendait à pied au comptoir chaque vendredi.</p></blockquote>
<div class="share-buttons"><a href="#">Partager</a></div>
</article></main>
<aside class="sidebar"><p>Les plus lus de la semaine sont ici, avec un texte assez long pour tromper une mesure naïve de la densité des mots.</p></aside>
<section class="comments"><p>Un commentaire très long qui dit tout le mal que son auteur pense de la fermeture, du maire, de la caisse et du journal.</p></section>
<footer><p>© L’Écho de Saint-Aubert, tous droits réservés, toute reproduction est interdite sans la permission écrite de l’éditeur.</p></footer>
</body></html>`

func TestAnArticleIsReadWithoutWhatSurroundsIt(t *testing.T) {
	t.Parallel()
	a, err := Extract([]byte(comptoir), "https://echo.test/2026/11/comptoir?utm=x")
	if err != nil {
		t.Fatal(err)
	}
	paragraphs := strings.Split(a.Text, "\n\n")
	if len(paragraphs) != 4 && len(paragraphs) != 5 || !strings.Contains(a.Text, "le 1er mars") || !strings.Contains(a.Text, "chaque vendredi") {
		t.Errorf("text:\n%s", a.Text)
	}
	for _, no := range []string{"témoins", "Accueil", "À lire aussi", "Partager", "Les plus lus", "commentaire", "©"} {
		if strings.Contains(a.Text, no) {
			t.Errorf("the text holds %q", no)
		}
	}
	a.Text = ""
	want := Article{
		Title: "Un comptoir de la Caisse de la Rivière ferme", Author: "Anne Exemple, Luc Fictif", Site: "L’Écho de Saint-Aubert",
		Image: "https://echo.test/photos/comptoir.jpg", Canonical: "https://echo.test/2026/11/comptoir", Lang: "fr-CA",
		Published: time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC),
	}
	if d := cmp.Diff(want, a); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestACanonicalAddressOfAnotherSiteIsNotBelieved(t *testing.T) {
	t.Parallel()
	page := `<html><head><link rel="canonical" href="https://evil.test/x"></head><body></body></html>`
	a, err := Extract([]byte(page), "https://www.echo.test/1")
	if err != nil || a.Canonical != "" {
		t.Errorf("canonical %q, %v", a.Canonical, err)
	}
}

func TestPagesWithoutProseHaveNoText(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"", "<html></html>", "<p>Court.</p>", "<nav><a href='/'>Accueil</a></nav>", "\x00\x01"} {
		a, err := Extract([]byte(page), "https://echo.test/")
		if err != nil || len(a.Text) > 10 {
			t.Errorf("Extract(%q) = %+v, %v", page, a, err)
		}
	}
}

func TestFeedsOfAPageAreFound(t *testing.T) {
	t.Parallel()
	page := `<html><head><base href="https://echo.test/section/">
	<link rel="alternate" type="application/rss+xml" title=" À la
	une " href="../rss.xml"><link REL="Alternate" TYPE="application/atom+xml; charset=utf-8" href="atom">
	<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1"><link rel="alternate" hreflang="en" href="/en">
	<link rel="stylesheet" type="text/css" href="/x.css"></head>
	<body><a href="/feed/">Nos fils</a><a href="https://echo.test/rss.xml">déjà</a><a href="feed:https://autre.test/rss">Autre</a><a href="/rss-explique.html">Aide</a><a href="javascript:rss">x</a></body></html>`
	want := []Link{
		{URL: "https://echo.test/rss.xml", Title: "À la une", Type: "application/rss+xml"},
		{URL: "https://echo.test/section/atom", Type: "application/atom+xml"},
		{URL: "https://echo.test/feed/", Title: "Nos fils"},
		{URL: "https://autre.test/rss", Title: "Autre"},
	}
	if d := cmp.Diff(want, Discover([]byte(page), "https://echo.test/")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if g := Guesses("https://echo.test/blogue/un"); len(g) != 20 || g[0] != "https://echo.test/blogue/feed/" || g[1] != "https://echo.test/feed/" {
		t.Errorf("guesses %v", g)
	}
}

func TestALineThatOnlyDatesTheArticleIsNotItsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Publié le 2026-10-19\n\nTrois fois par mois, il prend le train.":      "Trois fois par mois, il prend le train.",
		"Published Oct. 19\n\nUpdated today\n\nA train at night.":              "A train at night.",
		"Publiée en 1924, la recette vit encore.\n\nElle tient en dix lignes.": "Publiée en 1924, la recette vit encore.\n\nElle tient en dix lignes.",
		"Publié le 2026-10-19": "Publié le 2026-10-19",
	} {
		if got := withoutByline(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
