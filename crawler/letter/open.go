package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // charsets beside UTF-8
	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html/charset"
)

// A body is a mail opened: its header and its two texts.
type body struct {
	header mail.Header
	html   string
	plain  string
}

// errFull ends the walk of a mail that has too many parts.
var errFull = errors.New("letter: too many parts")

// open reads the MIME of a mail: the first text of each kind. What is cut or
// of an unknown charset is read as far as it goes.
func open(raw []byte) (body, error) {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return body{}, fmt.Errorf("letter: %w", err)
	}
	b := body{header: mail.Header{Header: e.Header}}
	if b.header.Len() == 0 {
		return b, errors.New("letter: no header")
	}
	parts := 0
	// A broken part ends the walk: what was read before it is kept.
	_ = e.Walk(func(_ []int, p *message.Entity, err error) error {
		if parts++; parts > maxParts {
			return errFull
		}
		if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return err
		}
		b.take(p)
		return nil
	})
	return b, nil
}

// take keeps a part if it is the first text of its kind.
func (b *body) take(p *message.Entity) {
	kind, params, err := p.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	if d, _, err := p.Header.ContentDisposition(); err == nil && d == "attachment" {
		return
	}
	into := &b.plain
	switch kind {
	case "text/html":
		into = &b.html
	case "text/plain", "":
	default:
		return
	}
	if *into != "" {
		return
	}
	text, _ := io.ReadAll(io.LimitReader(p.Body, maxBytes)) // cut: as far as it goes
	*into = decoded(text, params["charset"])
}

// decoded makes valid UTF-8 of a text: go-message has done it when it knew the
// charset.
func decoded(text []byte, label string) string {
	if bytes.ContainsRune(text, '\uFFFD') || utf8.Valid(text) {
		return strings.ToValidUTF8(string(text), "\uFFFD")
	}
	e, _ := charset.Lookup(label)
	if e == nil {
		e, _ = charset.Lookup("windows-1252")
	}
	out, err := e.NewDecoder().Bytes(text)
	if err != nil {
		return strings.ToValidUTF8(string(text), "\uFFFD")
	}
	return string(out)
}
