package api

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// openAPI is how the document begins. Its pages come from here alone: no
// viewer from elsewhere, no links to schemas in the answers.
func openAPI(version string) huma.Config {
	cfg := huma.DefaultConfig("Veilleur", version)
	cfg.Info.Description = "Veille, crises, ideas and posts of a branch. Tokens: veilleur token create."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	cfg.Security = []map[string][]string{{"token": {}}}
	return cfg
}

// document answers the OpenAPI document, written out at the first request.
func document(doc *huma.OpenAPI) echo.HandlerFunc {
	written := sync.OnceValues(func() ([]byte, error) {
		return json.Marshal(doc)
	})
	return func(c echo.Context) error {
		b, err := written()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "application/openapi+json; charset=utf-8", b)
	}
}

// neverNull says of every list in the document that it is not null: finish
// makes those that go out so, and those that come in are checked by it.
func neverNull(doc *huma.OpenAPI) {
	for _, sc := range doc.Components.Schemas.Map() {
		notNull(sc)
	}
	for _, p := range doc.Paths {
		for _, op := range []*huma.Operation{p.Get, p.Put, p.Post, p.Delete} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				notNull(p.Schema)
			}
			for _, r := range op.Responses {
				for _, m := range r.Content {
					notNull(m.Schema)
				}
			}
		}
	}
}

func notNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	notNull(s.Items)
	for _, p := range s.Properties {
		notNull(p)
	}
}
