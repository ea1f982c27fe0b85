package wordpress

import (
	"context"
	"crypto/md5" // what WordPress checks an upload against; it guards no secret
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// pictureLimit is the most bytes of one picture.
const pictureLimit = 32 << 20

// A picture is one that the site has.
type picture struct {
	ID  int    `json:"id"`
	Src string `json:"source_url"`
	Alt string `json:"-"`
}

const pictureFields = "id,source_url"

// picture puts a picture in the site's library, or finds it there, and gives
// it its alternative text.
func (s site) picture(ctx context.Context, m veille.Media, open publish.Opener) (picture, error) {
	pic, err := s.stored(ctx, m)
	if err == nil && pic.ID == 0 {
		pic, err = s.upload(ctx, m, open)
	}
	if err == nil {
		err = s.describe(ctx, pic, m)
	}
	if err != nil {
		return picture{}, fmt.Errorf("wordpress: picture %s: %w", m.ID, problemOf(err))
	}
	pic.Alt = m.Alt
	return pic, nil
}

// stored looks for a picture that an earlier try uploaded; its ID is 0 when
// none did.
func (s site) stored(ctx context.Context, m veille.Media) (picture, error) {
	var there []picture
	q := url.Values{"slug": {publish.MediaSlug(m)}, "context": {"edit"}, "_fields": {pictureFields}}
	err := s.call(ctx, request{method: http.MethodGet, path: "/wp/v2/media", query: q}, &there)
	if err != nil || len(there) == 0 {
		return picture{}, err
	}
	return there[0], nil
}

// upload sends the file. The slug is said outright, because WordPress would
// rather take it from a title inside the picture; the digest makes it refuse a
// file cut short on the way.
func (s site) upload(ctx context.Context, m veille.Media, open publish.Opener) (picture, error) {
	ending, ok := endings()[m.Type]
	if !ok {
		return picture{}, veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.picture_type", "name", m.Name), nil)
	}
	body, err := readPicture(m, open)
	if err != nil {
		return picture{}, err
	}
	sum, slug := md5.Sum(body), publish.MediaSlug(m)
	var made picture
	err = s.call(ctx, request{
		method: http.MethodPost, path: "/wp/v2/media", body: body,
		query: url.Values{"slug": {slug}, "_fields": {pictureFields}},
		header: http.Header{
			"Content-Type":        {m.Type},
			"Content-Disposition": {`attachment; filename="` + slug + ending + `"`},
			"Content-Md5":         {hex.EncodeToString(sum[:])},
		},
	}, &made)
	var f *failure
	switch {
	case errors.As(err, &f) && f.lost():
		// Perhaps stored, perhaps not: the next try looks first.
		return picture{}, veille.NewProblem(veille.ErrBusy, veille.Say("wordpress.picture_lost", "name", m.Name), f)
	case err == nil && made.ID == 0:
		return picture{}, veille.NewProblem(veille.ErrBusy, veille.Say("wordpress.picture_lost", "name", m.Name), nil)
	}
	return made, err
}

func endings() map[string]string {
	return map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}
}

func readPicture(m veille.Media, open publish.Opener) ([]byte, error) {
	file, err := open(m)
	if err != nil {
		return nil, veille.NewProblem(veille.ErrNotFound, veille.Say("wordpress.picture_missing", "name", m.Name), err)
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, pictureLimit+1))
	switch {
	case err != nil:
		return nil, veille.NewProblem(veille.ErrNotFound, veille.Say("wordpress.picture_missing", "name", m.Name), err)
	case len(body) > pictureLimit:
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.picture_large"), nil)
	}
	return body, nil
}

// describe gives a picture its alternative text. Saying it twice changes
// nothing.
func (s site) describe(ctx context.Context, pic picture, m veille.Media) error {
	says := map[string]any{"alt_text": m.Alt}
	if m.Name != "" {
		says["title"] = escape(m.Name)
	}
	r, err := jsonRequest("/wp/v2/media/"+strconv.Itoa(pic.ID), says)
	if err != nil {
		return err
	}
	r.query = url.Values{"_fields": {pictureFields}}
	return s.call(ctx, r, &picture{})
}
