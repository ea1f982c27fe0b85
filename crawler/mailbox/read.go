package mailbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// A Cursor is where a reading stands. Its zero value is nowhere yet.
type Cursor struct {
	Validity uint32 `json:"validity,omitempty"` // UIDVALIDITY of the folder
	UID      uint32 `json:"uid,omitempty"`      // of the last mail read
}

// A Head is what is told of a mail without its body.
type Head struct {
	UID      uint32
	From     string // its sender's address, in lower case; "" when it has none
	Received time.Time
	Size     int64 // bytes
}

// A Mail is a mail, whole unless it is larger than what was asked.
type Mail struct {
	Head
	Raw []byte // RFC 5322; its beginning when Size is larger
}

// A Want says what is read. Its zero value reads every mail of all time.
type Want struct {
	Since time.Time              // of a folder not read before, only what came since this day
	Most  int                    // mails looked at in one reading. Optional: 500
	Bytes int64                  // read of one mail. Optional: 2 MB
	Of    func(from string) bool // whose bodies are read. Optional: all
}

// together is how many bodies are asked for at once.
const together = 8

// Read gives the mails after a cursor to each, in the order of their UIDs. It
// returns where it stands: after the last mail given or passed over, even when
// it fails on the way; and whether more was left for next time.
//
// Its errors are Problems where the server refused; those of the connection
// are as they came.
func Read(ctx context.Context, dial Dialer, b Box, password string, from Cursor, w Want, each func(Mail) error) (at Cursor, more bool, err error) {
	w.Most, w.Bytes = cmp.Or(w.Most, 500), cmp.Or(w.Bytes, 2<<20)
	f, err := open(ctx, dial, b, password)
	if err != nil {
		return from, false, err
	}
	defer f.close()
	uids, err := f.after(from, w.Since)
	if err != nil {
		return from, false, err
	}
	at = from
	if from.Validity != f.validity {
		at = Cursor{Validity: f.validity}
	}
	if more = len(uids) > w.Most; more {
		uids = uids[:w.Most]
	}
	for part := range slices.Chunk(uids, 100) {
		if at, err = f.read(at, part, w, each); err != nil {
			return at, false, err
		}
	}
	if !more && f.next > imap.UID(at.UID)+1 {
		at.UID = uint32(f.next) - 1 // so that a first reading is not asked about its past again
	}
	return at, more, nil
}

// after gives the UIDs after a cursor, in order.
func (f *folder) after(c Cursor, since time.Time) ([]imap.UID, error) {
	var criteria imap.SearchCriteria
	if c.Validity == f.validity {
		if f.next != 0 && f.next <= imap.UID(c.UID)+1 {
			return nil, nil
		}
		var set imap.UIDSet
		set.AddRange(imap.UID(c.UID)+1, 0)
		criteria.UID = []imap.UIDSet{set}
	} else {
		criteria.Since = since
	}
	f.meter.allow(chatter)
	found, err := f.client.UIDSearch(&criteria, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("mailbox: search: %w", err)
	}
	uids := slices.DeleteFunc(found.AllUIDs(), func(u imap.UID) bool {
		return c.Validity == f.validity && u <= imap.UID(c.UID) // n:* always holds the last mail
	})
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// read gives the wanted mails among some, and moves the cursor over them.
func (f *folder) read(at Cursor, uids []imap.UID, w Want, each func(Mail) error) (Cursor, error) {
	heads, err := f.heads(uids)
	if err != nil {
		return at, err
	}
	wanted := slices.DeleteFunc(slices.Clone(heads), func(h Head) bool { return w.Of != nil && !w.Of(h.From) })
	for part := range slices.Chunk(wanted, together) {
		mails, err := f.bodies(part, w.Bytes)
		if err != nil {
			return at, err
		}
		for _, m := range mails {
			if err := each(m); err != nil {
				return at, err
			}
			at.UID = m.UID
		}
	}
	at.UID = max(at.UID, uint32(uids[len(uids)-1]))
	return at, nil
}

// heads gives the heads of mails, in the order of their UIDs.
func (f *folder) heads(uids []imap.UID) ([]Head, error) {
	f.meter.allow(chatter)
	got, err := f.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, Envelope: true, InternalDate: true, RFC822Size: true}).Collect()
	if err != nil {
		return nil, fmt.Errorf("mailbox: list mails: %w", err)
	}
	out := make([]Head, 0, len(got))
	for _, m := range got {
		h := Head{UID: uint32(m.UID), Received: m.InternalDate, Size: m.RFC822Size}
		if m.Envelope != nil && len(m.Envelope.From) == 1 { // several senders are none
			h.From = strings.ToLower(m.Envelope.From[0].Addr())
		}
		if slices.Contains(uids, m.UID) {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b Head) int { return cmp.Compare(a.UID, b.UID) })
	return out, nil
}

// bodies gives mails whole, or their beginning when they are larger than most.
// One that vanished since is left out.
func (f *folder) bodies(heads []Head, most int64) ([]Mail, error) {
	uids := make([]imap.UID, len(heads))
	for i, h := range heads {
		uids[i] = imap.UID(h.UID)
	}
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: most}}
	f.meter.allow(int64(len(heads))*(most+most/8) + chatter)
	got, err := f.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return nil, fmt.Errorf("mailbox: read mails: %w", err)
	}
	var out []Mail
	for _, h := range heads {
		for _, m := range got {
			if uint32(m.UID) == h.UID && len(m.BodySection) > 0 {
				out = append(out, Mail{Head: h, Raw: m.BodySection[0].Bytes})
				break
			}
		}
	}
	return out, nil
}

// List gives the heads of the last mails since a day, at most n, the oldest
// first, without reading any body.
func List(ctx context.Context, dial Dialer, b Box, password string, since time.Time, n int) ([]Head, error) {
	f, err := open(ctx, dial, b, password)
	if err != nil {
		return nil, err
	}
	defer f.close()
	uids, err := f.after(Cursor{}, since)
	if err != nil {
		return nil, err
	}
	uids = uids[max(0, len(uids)-n):]
	if len(uids) == 0 {
		return nil, nil
	}
	return f.heads(uids)
}
