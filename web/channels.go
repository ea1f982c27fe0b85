package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// channelKeeper is the memory of channels.
type channelKeeper interface {
	Channel(ctx context.Context, id veille.ChannelID) (veille.Channel, error)
	Channels(ctx context.Context, branch veille.BranchID) ([]veille.Channel, error)
	PutChannel(ctx context.Context, c veille.Channel) error
	DeleteChannel(ctx context.Context, id veille.ChannelID) error
}

// channelChecker tells whether a channel can be published to, without
// publishing: nil, or a Problem that says what to do.
type channelChecker interface {
	Check(ctx context.Context, c veille.Channel) error
}

func (s *Server) channelRoutes() {
	s.get("/reglages/canaux", s.channelList)
	s.get("/reglages/canaux/nouveau", s.channelNew)
	s.post("/reglages/canaux/nouveau", s.channelAdd)
	s.get("/reglages/canaux/:id", s.channelOne)
	s.post("/reglages/canaux/:id", s.channelEdit)
	s.post("/reglages/canaux/:id/verifier", s.channelCheck)
	s.post("/reglages/canaux/:id/retirer", s.channelRemove)
}

// The most a form of a channel takes, and the rows it offers beyond those
// already filled.
const (
	slotsMost  = 28
	slotsSpare = 3
	cadenceMax = 50 // posts a week
)

// A channelModel is the form of a channel, new when it has no id.
type channelModel struct {
	Channel veille.Channel
	Slots   []slotRow
	Cadence string
	Errors  map[string]string
}

// A slotRow is one line of the form: a weekday, an hour as 15:04, a zone.
// Without an hour it is no slot.
type slotRow struct {
	Weekday    int
	Hour, Zone string
	Error      string
}

func (v *visit) channelModel(c veille.Channel) channelModel {
	m := channelModel{Channel: c, Cadence: strconv.Itoa(c.Cadence), Errors: map[string]string{}}
	for _, sl := range c.Slots {
		m.Slots = append(m.Slots, slotRow{Weekday: sl.Weekday, Hour: fmt.Sprintf("%02d:%02d", sl.Hour, sl.Minute), Zone: sl.Zone})
	}
	m.spare(v.Branch.Zone)
	return m
}

// spare adds empty rows to fill.
func (m *channelModel) spare(zone string) {
	for range min(slotsSpare, slotsMost-len(m.Slots)) {
		m.Slots = append(m.Slots, slotRow{Weekday: int(time.Monday), Zone: zone})
	}
}

func (s *Server) channelList(v *visit) error {
	list, err := s.deps.Settings.Channels.Channels(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("channels.title"), Nav: "settings"}, channelListPage(v, list))
}

func (s *Server) channelNew(v *visit) error {
	c := veille.Channel{Network: veille.NetworkManual, Cadence: 3}
	if v.value("reseau") == string(veille.NetworkWordPress) {
		c.Network, c.Cadence = veille.NetworkWordPress, 1
	}
	return v.showChannel(http.StatusOK, v.channelModel(c))
}

func (v *visit) showChannel(status int, m channelModel) error {
	title := m.Channel.Name
	if m.Channel.ID == "" {
		title = v.T("channels.new_" + string(m.Channel.Network))
	}
	return v.page(status, page{Title: title, Nav: "settings"}, channelPage(v, m, title))
}

func (s *Server) channelAdd(v *visit) error {
	c := veille.Channel{ID: veille.ChannelID(veille.NewID(v.Now)), BranchID: v.Branch.ID, CreatedAt: v.Now.UTC(), Network: veille.NetworkManual}
	if v.value("reseau") == string(veille.NetworkWordPress) {
		c.Network = veille.NetworkWordPress
	}
	return s.saveChannel(v, c, true)
}

// channelHers reads a channel of her branch.
func (s *Server) channelHers(v *visit) (veille.Channel, error) {
	c, err := s.deps.Settings.Channels.Channel(v.ctx(), veille.ChannelID(v.Param("id")))
	if err == nil && c.BranchID != v.Branch.ID {
		err = fmt.Errorf("web: channel of branch %s: %w", c.BranchID, veille.ErrNotFound)
	}
	return c, err
}

func (s *Server) channelOne(v *visit) error {
	c, err := s.channelHers(v)
	if err != nil {
		return err
	}
	return v.showChannel(http.StatusOK, v.channelModel(c))
}

func (s *Server) channelEdit(v *visit) error {
	c, err := s.channelHers(v)
	if err != nil {
		return err
	}
	return s.saveChannel(v, c, false)
}

// saveChannel keeps the form over c. A channel of a site is then checked, so
// that a wrong password is told now and not when a post fails.
func (s *Server) saveChannel(v *visit, c veille.Channel, fresh bool) error {
	m := v.readChannel(c)
	if len(m.Errors) > 0 {
		if fresh {
			m.Channel.ID = ""
		}
		return v.showChannel(http.StatusBadRequest, m)
	}
	if err := s.deps.Settings.Channels.PutChannel(v.ctx(), m.Channel); err != nil {
		return err
	}
	if m.Channel.Network == veille.NetworkManual {
		return v.done("/reglages/canaux", veille.Say("channels.saved", "name", m.Channel.Name))
	}
	return s.tellCheck(v, m.Channel, "channels.saved_checked", "channels.saved_but")
}

// readChannel takes the form over c, and what is wrong with it. An empty
// password keeps the one there is.
func (v *visit) readChannel(c veille.Channel) channelModel {
	c.Name, c.URL, c.User = v.line("name"), v.value("url"), v.line("user")
	if pw := v.value("secret"); pw != "" {
		c.Secret = pw
	}
	m := channelModel{Channel: c, Cadence: v.value("cadence"), Errors: map[string]string{}}
	if c.Name == "" {
		m.Errors["name"] = v.T("channels.name_needed")
	}
	if !isWebAddress(c.URL) && (c.URL != "" || c.Network == veille.NetworkWordPress) {
		m.Errors["url"] = v.T("channels.url_wrong")
	}
	if c.Network == veille.NetworkWordPress && c.User == "" {
		m.Errors["user"] = v.T("channels.user_needed")
	}
	if c.Network == veille.NetworkWordPress && c.Secret == "" {
		m.Errors["secret"] = v.T("channels.secret_needed")
	}
	n, err := strconv.Atoi(m.Cadence)
	if err != nil || n < 0 || n > cadenceMax {
		m.Errors["cadence"] = v.T("channels.cadence_wrong", "max", cadenceMax)
	}
	m.Channel.Cadence = n
	v.readSlots(&m)
	return m
}

// readSlots takes the rows that have an hour.
func (v *visit) readSlots(m *channelModel) {
	m.Channel.Slots = nil
	for i := range slotsMost {
		row := slotRow{Hour: v.value(fmt.Sprintf("hour-%d", i)), Zone: v.value(fmt.Sprintf("zone-%d", i))}
		if row.Hour == "" {
			continue
		}
		day, err := strconv.Atoi(v.value(fmt.Sprintf("day-%d", i)))
		at, err2 := time.Parse("15:04", row.Hour)
		if row.Weekday = day; err != nil || err2 != nil || day < 0 || day > 6 || !isZone(row.Zone) {
			row.Error = v.T("channels.slot_wrong")
			m.Errors["slots"] = row.Error
		}
		m.Slots = append(m.Slots, row)
		slot := veille.Slot{Weekday: day, Hour: at.Hour(), Minute: at.Minute(), Zone: row.Zone}
		if !slices.Contains(m.Channel.Slots, slot) {
			m.Channel.Slots = append(m.Channel.Slots, slot)
		}
	}
	m.spare(v.Branch.Zone)
}

// isWebAddress tells whether s is an http or https address of a host, without
// a name and password in it.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

func (s *Server) channelCheck(v *visit) error {
	c, err := s.channelHers(v)
	if err != nil {
		return err
	}
	return s.tellCheck(v, c, "channels.checked", "channels.checked_but")
}

// tellCheck checks a channel and says on its page how it went.
func (s *Server) tellCheck(v *visit, c veille.Channel, well, but string) error {
	err := s.deps.Settings.Checker.Check(v.ctx(), c)
	if err == nil {
		return v.done(channelPath(c), veille.Sentence{Key: well, Args: map[string]any{"name": c.Name}})
	}
	says, ok := veille.SaysOf(err)
	if !ok {
		return err
	}
	if err := v.note("warn", veille.Sentence{Key: but, Args: map[string]any{"name": c.Name, "why": v.Say(says)}}); err != nil {
		return err
	}
	return v.goTo(channelPath(c))
}

func (s *Server) channelRemove(v *visit) error {
	c, err := s.channelHers(v)
	if err != nil {
		return err
	}
	if err := s.deps.Settings.Channels.DeleteChannel(v.ctx(), c.ID); err != nil {
		return err
	}
	return v.done("/reglages/canaux", veille.Say("channels.removed", "name", c.Name))
}

func channelPath(c veille.Channel) string {
	if c.ID == "" {
		return "/reglages/canaux/nouveau"
	}
	return "/reglages/canaux/" + url.PathEscape(string(c.ID))
}

// slotWords are the slots of a channel as one speaks of them, Monday first:
// "lundi 12 h, vendredi 9 h 30".
func slotWords(v *visit, c veille.Channel) string {
	slots := slices.Clone(c.Slots)
	slices.SortFunc(slots, func(a, b veille.Slot) int {
		return ((a.Weekday+6)%7*1440 + a.Hour*60 + a.Minute) - ((b.Weekday+6)%7*1440 + b.Hour*60 + b.Minute)
	})
	var out []string
	for _, sl := range slots {
		at := time.Date(2000, 1, 1, sl.Hour, sl.Minute, 0, 0, v.Zone)
		out = append(out, v.WeekdayName(sl.Weekday)+" "+v.Time(at))
	}
	return strings.Join(out, ", ")
}

// weekdayOptions are the days of the week, Monday first.
func weekdayOptions(v *visit) []option {
	var out []option
	for i := range 7 {
		d := (i + 1) % 7
		out = append(out, option{Value: strconv.Itoa(d), Label: v.WeekdayName(d)})
	}
	return out
}
