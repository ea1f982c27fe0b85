package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"veilleur/internal/veille"
)

// files are the built assets, read and compressed once.
type files struct {
	style, script string // addresses; "" when not built
	font          string // the text face, loaded early
	byName        map[string]file
}

type file struct {
	kind         string // Content-Type
	body, zipped []byte // zipped is nil where it gains nothing
}

func newFiles(built fs.FS) (*files, error) {
	f := &files{byName: map[string]file{}}
	names, err := fs.Glob(built, "*.*")
	if err != nil {
		return nil, fmt.Errorf("web: assets: %w", err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, ".") {
			continue
		}
		body, err := fs.ReadFile(built, name)
		if err != nil {
			return nil, fmt.Errorf("web: assets: %w", err)
		}
		f.byName[name] = newFile(name, body)
		f.point(name)
	}
	return f, nil
}

// point remembers the files that the layout names.
func (f *files) point(name string) {
	address := "/assets/" + name
	switch {
	case strings.HasPrefix(name, "app-") && path.Ext(name) == ".css":
		f.style = address
	case strings.HasPrefix(name, "app-") && path.Ext(name) == ".js":
		f.script = address
	case strings.HasPrefix(name, "atkinson-hyperlegible-next-latin-wght-normal"):
		f.font = address
	}
}

func newFile(name string, body []byte) file {
	out := file{kind: kindOf(name), body: body}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return out // the level is valid
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		return out // a bytes.Buffer takes everything
	}
	if b.Len() < len(body)*9/10 {
		out.zipped = b.Bytes()
	}
	return out
}

// kindOf does not ask the machine's own table, which differs from one to the
// next.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// asset gives one built file. Its name holds a hash of its content, so it may
// be kept for ever.
func (s *Server) asset(c echo.Context) error {
	f, ok := s.files.byName[c.Param("name")]
	if !ok {
		return fmt.Errorf("web: asset %s: %w", c.Param("name"), veille.ErrNotFound)
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	body := f.body
	if f.zipped != nil && strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	return c.Blob(http.StatusOK, f.kind, body)
}
