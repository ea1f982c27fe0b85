package engine

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// mediaLimit is the most a picture may weigh: WordPress and the social
// networks refuse more.
const mediaLimit = 8 << 20

// Media is the folder of the pictures of posts. A file is named by its id
// alone, never by what the person called it.
type Media struct {
	dir string
	now func() time.Time
}

// NewMedia opens the folder dir, which must exist.
func NewMedia(dir string) *Media { return &Media{dir: dir, now: time.Now} }

// Save keeps a picture. What it is is read in its first bytes, whatever its
// name says. It returns ErrInvalid when it is no picture or too large.
func (m *Media) Save(name, alt string, r io.Reader) (veille.Media, error) {
	b, err := io.ReadAll(io.LimitReader(r, mediaLimit+1))
	if err != nil {
		return veille.Media{}, fmt.Errorf("engine: read picture: %w", err)
	}
	if len(b) > mediaLimit {
		return veille.Media{}, veille.NewProblem(veille.ErrInvalid, veille.Say("media.too_large", "mb", mediaLimit>>20), nil)
	}
	kind := http.DetectContentType(b)
	switch kind {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
	default:
		return veille.Media{}, veille.NewProblem(veille.ErrInvalid, veille.Say("media.no_picture"), nil)
	}
	p := veille.Media{ID: veille.MediaID(veille.NewID(m.now())), Name: clean(filepath.Base(name)), Type: kind, Alt: clean(alt), Size: int64(len(b))}
	path, err := m.path(p.ID)
	if err == nil {
		err = os.WriteFile(path, b, 0o640)
	}
	if err != nil {
		return veille.Media{}, errors.Join(fmt.Errorf("engine: keep picture: %w", err), os.RemoveAll(path)) // not half a file
	}
	return p, nil
}

// Open opens a picture. It returns ErrNotFound if its file is gone.
func (m *Media) Open(p veille.Media) (io.ReadCloser, error) {
	path, err := m.path(p.ID)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("engine: picture %s: %w", p.ID, veille.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("engine: picture %s: %w", p.ID, err)
	}
	return f, nil
}

// path is where a picture lies. An id that Save did not make names none, so
// that no id leads out of the folder.
func (m *Media) path(id veille.MediaID) (string, error) {
	plain := func(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }
	if id == "" || strings.ContainsFunc(string(id), func(r rune) bool { return !plain(r) }) {
		return "", fmt.Errorf("engine: picture %q: %w", id, veille.ErrNotFound)
	}
	return filepath.Join(m.dir, string(id)), nil
}
