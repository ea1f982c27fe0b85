package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"veilleur/internal/veille"
)

// pictureFolder keeps the files of posts.
type pictureFolder interface {
	Save(name, alt string, r io.Reader) (veille.Media, error)
	Open(m veille.Media) (io.ReadCloser, error)
}

// keyPictures holds in a session, as JSON, the pictures she sent that no post
// has yet.
const keyPictures = "pictures"

const (
	mostPictures = 10 // of a post: no network of today takes more
	mostPending  = 20 // of a session
)

func (s *Server) pictureRoutes() {
	s.get("/media/:id", s.picture)
}

// picture gives a picture of a post of her branch, or one she has just sent;
// any other is not found.
func (s *Server) picture(v *visit) error {
	m, err := s.findPicture(v, veille.MediaID(v.Param("id")))
	if err != nil {
		return err
	}
	r, err := s.deps.Calendar.Pictures.Open(m)
	if err != nil {
		return err
	}
	defer r.Close()
	h := v.Response().Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Content-Disposition", "inline")
	return v.Stream(http.StatusOK, m.Type, r)
}

func (s *Server) findPicture(v *visit, id veille.MediaID) (veille.Media, error) {
	pending, err := s.pending(v)
	if err != nil {
		return veille.Media{}, err
	}
	posts, err := s.deps.Calendar.Posts.Posts(v.ctx(), veille.PostFilter{Branch: v.Branch.ID})
	if err != nil {
		return veille.Media{}, err
	}
	lists := [][]veille.Media{pending}
	for _, p := range posts {
		lists = append(lists, p.Media)
	}
	for _, list := range lists {
		i := slices.IndexFunc(list, func(m veille.Media) bool { return m.ID == id })
		if i >= 0 && isPicture(list[i].Type) {
			return list[i], nil
		}
	}
	return veille.Media{}, fmt.Errorf("web: picture %s: %w", id, veille.ErrNotFound)
}

// isPicture tells whether a browser may be given a file of this type.
func isPicture(kind string) bool {
	return slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "image/webp"}, kind)
}

// pending gives the pictures of her session.
func (s *Server) pending(v *visit) ([]veille.Media, error) {
	var out []veille.Media
	return out, s.recall(v.ctx(), keyPictures, &out)
}

// readPictures takes the pictures of a form: those it had, with what she wrote
// of them, and the one she adds, if any. had are those of the post, if it has
// any already. What is wrong goes into errs by field.
func (s *Server) readPictures(v *visit, had []veille.Media, errs map[string]string) ([]veille.Media, error) {
	pending, err := s.pending(v)
	if err != nil {
		return nil, err
	}
	known := slices.Concat(had, pending)
	var out []veille.Media
	for _, id := range v.Request().Form["keep"] {
		i := slices.IndexFunc(known, func(m veille.Media) bool { return string(m.ID) == id })
		if i < 0 || v.value("drop-"+id) == "yes" {
			continue
		}
		m := known[i]
		m.Alt = v.value("alt-" + id)
		out = append(out, m)
	}
	added, err := s.addPicture(v, len(out), pending, errs)
	if err != nil {
		return nil, err
	}
	out = append(out, added...)
	for _, m := range out {
		if m.Alt == "" {
			errs["alt-"+string(m.ID)] = v.T("compose.alt_needed")
		}
	}
	return out, nil
}

// addPicture keeps the file of the form, if there is one, and remembers it in
// the session.
func (s *Server) addPicture(v *visit, n int, pending []veille.Media, errs map[string]string) ([]veille.Media, error) {
	header, err := v.FormFile("picture")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if n >= mostPictures {
		errs["picture"] = v.T("compose.pictures_full", "n", mostPictures)
		return nil, nil
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	m, err := s.deps.Calendar.Pictures.Save(header.Filename, v.value("alt"), file)
	if says := v.problem(err); says != "" {
		errs["picture"] = says
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	pending = append(pending, m)
	pending = pending[max(0, len(pending)-mostPending):]
	return []veille.Media{m}, s.remember(v.ctx(), keyPictures, pending)
}

// picturePath is where a picture is seen.
func picturePath(m veille.Media) string { return "/media/" + string(m.ID) }
