package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"veilleur/internal/veille"
)

// csvLimit is how many entries a table holds.
const csvLimit = 1000

func (s *server) csv(ctx context.Context, c echo.Context, id veille.SearchID) error {
	_, found, err := s.find(ctx, id, csvLimit)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	rows := [][]string{{"published", "source", "tier", "lang", "tone", "title", "url", "story_id", "entry_id"}}
	for _, f := range found {
		e := f.Entry
		rows = append(rows, []string{e.Published.UTC().Format(time.RFC3339), cell(sourceName(f.Source)), strconv.Itoa(int(f.Source.Tier)),
			e.Reading.Lang, e.Reading.ToneClass(), cell(e.Title), cell(e.URL), string(e.Reading.StoryID), string(e.ID)})
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("api: csv of search %s: %w", id, err)
	}
	return stream(c, "text/csv; charset=utf-8", "veille.csv", buf.Bytes())
}

// cell keeps a spreadsheet from running a text as a formula.
// Source: OWASP, CSV Injection.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
