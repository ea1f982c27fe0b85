package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"veilleur/internal/veille"
)

// sourcesAPage is how many sources one page lists.
const sourcesAPage = 100

// A sourceLine is one source of the list.
type sourceLine struct {
	Source veille.Source
	State  sourceState
	Owner  string  // the branch above that owns it; "" when it is hers
	Offers []Found // of a mailbox of hers: feeds that could replace it
}

// A sourceFilter is which sources are shown; what is "" lets all through.
type sourceFilter struct {
	Show   sourceState
	Kind   string
	Tier   string // a digit
	Folder string // noFolder for those in none
	Word   string // in the name, the title or the folder
}

// noFolder stands in an address for the sources that are in no folder.
const noFolder = "-"

// A sourceListModel is the list, and what was wrong with a file.
type sourceListModel struct {
	Lines   []sourceLine // of this page
	All     int          // of the branch, whatever is shown
	Counts  map[sourceState]int
	Groups  map[string]int // of what the filter lets through, by sourceLine.group
	Facets  []sourceFacet
	Folders []string // those there are, to choose from
	Filter  sourceFilter
	Match   int // lines that Filter lets through
	Page    int // from 1
	Pages   int

	File string // about the file
}

// A sourceFacet is one row of links that narrow the list.
type sourceFacet struct {
	Title string
	Links []sourceFacetLink
}

type sourceFacetLink struct {
	Says string
	To   sourceFilter
	N    int
	On   bool
}

func (s *Server) sourceList(v *visit) error {
	return s.showSourceList(v, http.StatusOK, sourceListModel{})
}

func (s *Server) showSourceList(v *visit, status int, m sourceListModel) error {
	lines, err := s.sourceLines(v)
	if err != nil {
		return err
	}
	m.Filter = v.sourceFilter()
	m.All, m.Counts, m.Groups = len(lines), map[sourceState]int{}, map[string]int{}
	for _, l := range lines {
		m.Counts[l.State]++
	}
	m.Facets, m.Folders = sourceFacets(v, lines, m.Filter), foldersOf(lines)
	lines = slices.DeleteFunc(lines, func(l sourceLine) bool { return !m.Filter.shows(l) })
	for _, l := range lines {
		m.Groups[l.group()]++
	}
	m.Match, m.Pages = len(lines), max(1, (len(lines)+sourcesAPage-1)/sourcesAPage)
	m.Page, _ = strconv.Atoi(v.QueryParam("page")) // nonsense is the first page
	m.Page = min(max(1, m.Page), m.Pages)
	m.Lines = lines[(m.Page-1)*sourcesAPage : min(len(lines), m.Page*sourcesAPage)]
	return v.page(status, page{Title: v.T("sources.title"), Nav: "settings"}, sourceListPage(v, m))
}

// sourceLines gives every source she sees: those to mend, those that are mute,
// then the others by folder.
func (s *Server) sourceLines(v *visit) ([]sourceLine, error) {
	scope, err := s.deps.Settings.Scope.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.deps.Settings.Sources.Sources(v.ctx(), scope)
	if err != nil {
		return nil, err
	}
	names, err := s.owners(v, scope)
	if err != nil {
		return nil, err
	}
	lines := make([]sourceLine, len(all))
	for i, src := range all {
		lines[i] = sourceLine{Source: src, State: stateOfSource(src, v.Now), Owner: names[src.BranchID]}
	}
	slices.SortStableFunc(lines, func(a, b sourceLine) int {
		return cmp.Or(strings.Compare(a.order(), b.order()),
			strings.Compare(strings.ToLower(a.Source.Name()), strings.ToLower(b.Source.Name())))
	})
	return lines, nil
}

// group is where a line stands in the list: the need it has, or "/" and its
// folder.
func (l sourceLine) group() string {
	switch {
	case l.State.broken():
		return string(sourceFailing)
	case l.State == sourceSilent:
		return string(sourceSilent)
	}
	return "/" + l.Source.Folder
}

// order sorts groups: to mend, mute, then the folders by name, and those in
// none at the end.
func (l sourceLine) order() string {
	switch g := l.group(); g {
	case string(sourceFailing):
		return "1"
	case string(sourceSilent):
		return "2"
	case "/":
		return "4"
	default:
		return "3" + strings.ToLower(g)
	}
}

// begins tells whether the i-th line is the first of its group on the page.
func (m sourceListModel) begins(i int) bool {
	return i == 0 || m.Lines[i].group() != m.Lines[i-1].group()
}

// well counts the sources that ask nothing of her, those in pause left out.
func (m sourceListModel) well() int {
	return m.All - m.broken() - m.Counts[sourceSilent] - m.Counts[sourceLate] - m.Counts[sourcePaused]
}

func (m sourceListModel) broken() int { return m.Counts[sourceFailing] + m.Counts[sourceEnded] }

// sourceTotals is the line of counts; what is none is not said.
func sourceTotals(v *visit, m sourceListModel) string {
	out := []string{}
	for _, part := range []struct {
		key string
		n   int
	}{
		{"sources.total_well", m.well()}, {"sources.total_mute", m.Counts[sourceSilent]}, {"sources.total_broken", m.broken()},
		{"sources.total_late", m.Counts[sourceLate]}, {"sources.total_paused", m.Counts[sourcePaused]},
	} {
		if part.n > 0 {
			out = append(out, v.T(part.key, "n", part.n))
		}
	}
	return v.T("sources.totals", "n", m.All, "parts", strings.Join(out, ", "))
}

// sourceFilter reads the filter of an address or of a form.
func (v *visit) sourceFilter() sourceFilter {
	return sourceFilter{Show: sourceState(v.value("voir")), Kind: v.value("genre"), Tier: v.value("palier"),
		Folder: v.value("dossier"), Word: v.value("mot")}
}

// shows tells whether a line passes the filter.
func (f sourceFilter) shows(l sourceLine) bool {
	switch {
	case f.Show == sourceFailing && !l.State.broken(), f.Show != "" && f.Show != sourceFailing && l.State != f.Show:
		return false
	case f.Kind != "" && string(l.Source.Kind) != f.Kind, f.Tier != "" && strconv.Itoa(int(l.Source.Tier)) != f.Tier:
		return false
	case f.Folder == noFolder && l.Source.Folder != "", f.Folder != "" && f.Folder != noFolder && !inFolder(l.Source.Folder, f.Folder):
		return false
	}
	return strings.Contains(strings.ToLower(l.Source.Name()+" "+l.Source.Title+" "+l.Source.Folder), strings.ToLower(f.Word))
}

// inFolder tells whether a folder is another, or inside it.
func inFolder(folder, outer string) bool {
	return folder == outer || strings.HasPrefix(folder, outer+" / ")
}

// path is the list under a filter.
func (f sourceFilter) path(page int) string {
	q := url.Values{}
	for _, p := range f.pairs() {
		if p[1] != "" {
			q.Set(p[0], p[1])
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/reglages/sources"
	}
	return "/reglages/sources?" + q.Encode()
}

// pairs are the filter as a form carries it.
func (f sourceFilter) pairs() [][2]string {
	return [][2]string{{"voir", string(f.Show)}, {"genre", f.Kind}, {"palier", f.Tier}, {"dossier", f.Folder}, {"mot", f.Word}}
}

// narrow tells whether anything but a state and a word is chosen.
func (f sourceFilter) narrow() bool { return f.Kind != "" || f.Tier != "" || f.Folder != "" }

// foldersOf lists the folders there are, by name.
func foldersOf(lines []sourceLine) []string {
	var out []string
	for _, l := range lines {
		if l.Source.Folder != "" {
			out = append(out, l.Source.Folder)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sourceFacets are the links by kind, tier and folder, each with how many it
// would show beside the state and the word chosen. A row of one choice chooses
// nothing and is left out.
func sourceFacets(v *visit, lines []sourceLine, f sourceFilter) []sourceFacet {
	kinds, tiers, folders := map[string]int{}, map[string]int{}, map[string]int{}
	for _, l := range lines {
		if !(sourceFilter{Show: f.Show, Word: f.Word}).shows(l) {
			continue
		}
		kinds[string(l.Source.Kind)]++
		tiers[strconv.Itoa(int(l.Source.Tier))]++
		folders[cmp.Or(l.Source.Folder, noFolder)]++
	}
	row := func(title string, counts map[string]int, says func(string) string, chosen string, set func(*sourceFilter, string)) sourceFacet {
		facet := sourceFacet{Title: v.T(title)}
		for _, key := range slices.Sorted(maps.Keys(counts)) {
			to := f
			if set(&to, key); key == chosen {
				set(&to, "") // the link of what is chosen lets all through again
			}
			facet.Links = append(facet.Links, sourceFacetLink{Says: says(key), To: to, N: counts[key], On: key == chosen})
		}
		return facet
	}
	all := []sourceFacet{
		row("sources.by_kind", kinds, func(k string) string { return v.T("sources.kind_" + k) }, f.Kind, func(to *sourceFilter, k string) { to.Kind = k }),
		row("sources.tier", tiers, func(k string) string { return v.T("sources.tier_" + k) }, f.Tier, func(to *sourceFilter, k string) { to.Tier = k }),
		row("sources.folder", folders, func(k string) string { return folderSays(v, k) }, f.Folder, func(to *sourceFilter, k string) { to.Folder = k }),
	}
	return slices.DeleteFunc(all, func(x sourceFacet) bool { return len(x.Links) < 2 && !x.chosen() })
}

func (x sourceFacet) chosen() bool {
	return slices.ContainsFunc(x.Links, func(l sourceFacetLink) bool { return l.On })
}

func folderSays(v *visit, folder string) string {
	if folder == noFolder || folder == "" {
		return v.T("sources.no_folder")
	}
	return folder
}

// sourceGroupSays names a group of the list.
func sourceGroupSays(v *visit, group string) string {
	switch group {
	case string(sourceFailing):
		return v.T("sources.failing")
	case string(sourceSilent):
		return v.T("sources.silent")
	}
	return folderSays(v, strings.TrimPrefix(group, "/"))
}
