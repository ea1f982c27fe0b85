package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"veilleur/crawler/alert"
	"veilleur/crawler/network"
	webpage "veilleur/crawler/page"
	"veilleur/internal/veille"
)

// sourceScout finds what can be followed at an address, and follows it.
type sourceScout interface {
	// Survey tells every source that can be made of any address, best first. An
	// ErrInvalid Problem says that there is none.
	Survey(ctx context.Context, address string) ([]Offer, error)
	// Follow makes a source of what she chose. ErrConflict if she has it.
	Follow(ctx context.Context, branch veille.BranchID, w SourceWish) (veille.Source, error)
}

// An Offer is one source that can be made of an address, with what it would
// bring today.
type Offer struct {
	Found   string            // how it was found: here, network, announced, guessed or page
	Kind    veille.SourceKind // feed, alert, comments or page
	Network string            // whose feed it is; "" for none known
	What    string            // what of the network it follows; "" for none known
	Title   string
	URL     string
	Titles  []string // of its first three entries
	Entries int
	Latest  time.Time          // of its newest entry; zero when none bears a date
	Blocks  []webpage.Proposal // of a page: the lists that can be watched in it
	Problem *veille.Sentence   // why it cannot be read; nil when it can
}

// A SourceWish is a source she wants.
type SourceWish struct {
	URL, Title string
	Kind       veille.SourceKind
	Watch      veille.Watch // of a page
	Every      veille.Minutes
}

// A sourceSort is one kind of source as people think of them, with a form.
type sourceSort struct{ Slug, Icon string }

// key is where the texts of the sort are.
func (s sourceSort) key(what string) string { return "source_add." + s.Slug + "_" + what }

func (s sourceSort) path() string { return addPath + "/" + s.Slug }

const addPath = "/reglages/sources/ajouter"

// The sorts whose forms ask more than an address.
const (
	sortNews   = "actualites"
	sortReddit = "reddit"
)

func sourceSorts() []sourceSort {
	return []sourceSort{
		{"fil", "rss"}, {"alerte", "bell"}, {sortNews, "newspaper"}, {"page", "eye"}, {"youtube", "play"},
		{sortReddit, "message-circle"}, {"social", "users"}, {"commentaires", "megaphone"},
	}
}

// steps are what to do elsewhere first, one sentence each; none for most sorts.
func (s sourceSort) steps() []string {
	n := map[string]int{"alerte": 3, sortReddit: 3}[s.Slug]
	var out []string
	for i := range n {
		out = append(out, s.key("step_"+strconv.Itoa(i+1)))
	}
	return out
}

// A sourceAddModel is a form to add a source, what was typed in it, and what was
// found.
type sourceAddModel struct {
	Sort    sourceSort // the zero sort asks for any address
	Address string
	Token   string // of Reddit: an address too
	Words   string
	Lang    string
	Engine  string
	Error   string // about the address or the words
	Offers  []Offer
}

func (s *Server) sourceAddRoutes() {
	s.get(addPath, s.sourceAddPage)
	s.get(addPath+"/:sorte", s.sourceAddPage)
	s.post(addPath, s.sourceLook)
	s.post(addPath+"/suivre", s.sourceFollow)
}

func (s *Server) sourceAddPage(v *visit) error {
	m, err := readSourceAdd(v, v.Param("sorte"))
	if err != nil {
		return err
	}
	return showSourceAdd(v, http.StatusOK, m)
}

// readSourceAdd reads the form of a sort; ErrNotFound for a sort that is none.
func readSourceAdd(v *visit, slug string) (sourceAddModel, error) {
	m := sourceAddModel{Address: v.value("address"), Token: v.value("token"), Words: v.line("words"), Lang: v.value("lang"), Engine: v.value("engine")}
	if m.Lang == "" {
		m.Lang = v.Locale()
	}
	if slug == "" {
		return m, nil
	}
	i := slices.IndexFunc(sourceSorts(), func(x sourceSort) bool { return x.Slug == slug })
	if i < 0 {
		return m, veille.ErrNotFound
	}
	m.Sort = sourceSorts()[i]
	return m, nil
}

func showSourceAdd(v *visit, status int, m sourceAddModel) error {
	title := v.T("source_add.title")
	if m.Sort.Slug != "" {
		title = v.T(m.Sort.key("title"))
	}
	return v.page(status, page{Title: title, Nav: "settings"}, sourceAddForm(v, m))
}

// sourceLook surveys what was typed and shows what can be followed.
func (s *Server) sourceLook(v *visit) error {
	m, err := readSourceAdd(v, v.value("sort"))
	if err != nil {
		return err
	}
	address, says := m.asked()
	if says != "" {
		m.Error = v.T(says)
		return showSourceAdd(v, http.StatusBadRequest, m)
	}
	m.Offers, err = s.deps.Settings.Scout.Survey(v.ctx(), address)
	if m.Error = v.problem(err); m.Error != "" {
		return showSourceAdd(v, veille.HTTPStatus(err), m)
	}
	if err != nil {
		return err
	}
	m.Address = address
	return v.page(http.StatusOK, page{Title: v.T("source_add.found_title"), Nav: "settings"}, sourceOffersPage(v, m))
}

// asked is the address to survey, or the key of what is missing.
func (m sourceAddModel) asked() (address, missing string) {
	switch {
	case m.Sort.Slug == sortNews && m.Words == "":
		return "", "source_add.words_needed"
	case m.Sort.Slug == sortNews:
		search := alert.Search{Words: m.Words, Lang: m.Lang, Region: "CA"}
		if m.Lang != "en" {
			search.Lang = "fr"
		}
		if m.Engine == "bing" {
			return search.BingNews(), ""
		}
		return search.GoogleNews(), ""
	case m.Address == "" && m.Token == "":
		return "", "source_add.address_needed"
	case m.Sort.Slug == sortReddit && m.Token != "":
		return signedReddit(m.Address, m.Token)
	}
	return m.Address, ""
}

// signedReddit puts the token of one feed of Reddit on what is at another
// address; alone, the token's own feed is followed.
func signedReddit(address, token string) (signed, missing string) {
	feed := token
	if address != "" {
		if named := network.Address(address); named != "" {
			address = named
		}
		feed = address
		if of := network.Of(address); len(of) > 0 {
			feed = of[0].URL
		}
	}
	signed, ok := network.WithRedditToken(feed, token)
	if !ok {
		return "", "source_add.token_wrong"
	}
	return signed, ""
}

// sourceFollow adds the source she chose.
func (s *Server) sourceFollow(v *visit) error {
	src, err := s.deps.Settings.Scout.Follow(v.ctx(), v.Branch.ID, readWish(v))
	if says := v.problem(err); says != "" {
		m, _ := readSourceAdd(v, "") // any address has no sort to be wrong
		m.Address, m.Error = v.value("url"), says
		return showSourceAdd(v, veille.HTTPStatus(err), m)
	}
	if err != nil {
		return err
	}
	return v.done("/reglages/sources/"+url.PathEscape(string(src.ID)), veille.Say("welcome.added", "name", src.Name()))
}

// readWish reads an offer she chose. Selectors she wrote replace the list she
// picked.
func readWish(v *visit) SourceWish {
	w := SourceWish{URL: v.value("url"), Title: v.line("title"), Kind: veille.SourceKind(v.value("kind"))}
	if w.Kind != veille.SourcePage {
		return w
	}
	w.Watch = veille.Watch{Item: v.value("list")}
	if own := (veille.Watch{Item: v.value("own_item"), Title: v.value("own_title"), Link: v.value("own_link"), Date: v.value("own_date")}); own != (veille.Watch{}) {
		w.Watch = own
	}
	w.Every = 60
	if v.value("every") == "1440" {
		w.Every = 1440
	}
	return w
}
