// Package web is the dashboard: what people see, as server-rendered pages in
// French and English that work without script, at 390 px and at night.
//
// One file per page, its template and its test beside it. To add a page:
//
//  1. notes.templ: templ notesPage(v *visit, m notesModel) {…}, then `go tool
//     templ generate -path web` and commit notes_templ.go with it.
//  2. notes.go: an unexported interface of the one to three reads or acts it
//     needs (add it as a field of Deps), a handler func (s *Server) notes(v
//     *visit) error that ends in v.page(http.StatusOK, page{Title:
//     v.T("notes.title"), Nav: "notes"}, notesPage(v, m)), and its routes in
//     func (s *Server) notesRoutes(), with s.get for reading and s.post for acts.
//  3. One line in routes (routes.go), and in rail (shell.go) if it is in the menu.
//  4. Texts in internal/i18n/locales/{fr,en}/notes.yaml; styles, if any, in
//     assets/css/notes.css with a line in assets/app.css.
//  5. notes_test.go: fakes, a golden file with golden(t, …), one click path.
//
// An act is a POST that ends in v.done or v.goTo (303), so that every form
// works without script; htmx replaces a part of a page where v.part answers a
// request for which v.wantsPart is true. A handler returns an error and never
// writes one: fail turns it into a page, or a notice for htmx, by the kind of
// the error. No page holds a style attribute or a script: the content policy
// forbids both. It stores sessions only, and sends nothing.
package web
