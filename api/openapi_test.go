package api

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// documentOf reads the OpenAPI document as a program does, without a token.
func documentOf(t *testing.T) map[string]any {
	t.Helper()
	var doc map[string]any
	a := ask(t, newHouse().door().handler(), "", "GET", "/api/openapi.json", "")
	a.json(&doc)
	return doc
}

// A documented is one operation of the document.
type documented struct {
	method, path string
	is           map[string]any
}

func operationsOf(doc map[string]any) []documented {
	var out []documented
	for path, ms := range doc["paths"].(map[string]any) {
		for m, is := range ms.(map[string]any) {
			out = append(out, documented{strings.ToUpper(m), path, is.(map[string]any)})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].path+out[i].method < out[j].path+out[j].method })
	return out
}

// TestThePathsAreAContract keeps the paths, their answers and their names.
func TestThePathsAreAContract(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, o := range operationsOf(documentOf(t)) {
		var answers []string
		for status := range o.is["responses"].(map[string]any) {
			answers = append(answers, status)
		}
		sort.Strings(answers)
		fmt.Fprintf(&b, "%-6s %s → %s  %s\n", o.method, o.path, strings.Join(answers, " "), o.is["summary"])
	}
	golden := filepath.Join("testdata", "paths.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("run with -update when meant (-want +got):\n%s", diff)
	}
}

// TestTheDocumentHoldsTogether checks what OpenAPI 3.1 and JSON Schema ask of
// a document of this form.
func TestTheDocumentHoldsTogether(t *testing.T) {
	t.Parallel()
	doc := documentOf(t)
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi %v", doc["openapi"])
	}
	ids := map[string]bool{}
	for _, o := range operationsOf(doc) {
		name := o.method + " " + o.path
		id, _ := o.is["operationId"].(string)
		if id == "" || ids[id] {
			t.Errorf("%s: operationId %q is missing or taken", name, id)
		}
		ids[id] = true
		if o.is["summary"] == "" {
			t.Errorf("%s has no summary", name)
		}
		if o.is["security"] == nil && doc["security"] == nil {
			t.Errorf("%s asks for no token", name)
		}
		checkParameters(t, name, o)
		if _, hasBody := o.is["requestBody"]; hasBody && o.method == "GET" {
			t.Errorf("%s has a body", name)
		}
	}
	checkValue(t, doc, "", doc)
}

// checkParameters checks that the parameters of a path are those written in
// it, and that none is there twice.
func checkParameters(t *testing.T, name string, o documented) {
	t.Helper()
	seen := map[string]bool{}
	params, _ := o.is["parameters"].([]any)
	for _, p := range params {
		p := p.(map[string]any)
		key := fmt.Sprint(p["in"], " ", p["name"])
		if seen[key] || p["schema"] == nil {
			t.Errorf("%s: parameter %s is there twice or has no schema", name, key)
		}
		seen[key] = true
		if p["in"] == "path" && (p["required"] != true || !strings.Contains(o.path, "{"+p["name"].(string)+"}")) {
			t.Errorf("%s: %s", name, key)
		}
	}
	for _, part := range strings.Split(o.path, "/") {
		if strings.HasPrefix(part, "{") && !seen["path "+strings.Trim(part, "{}")] {
			t.Errorf("%s: %s is not described", name, part)
		}
	}
}

// checkValue walks the document: references lead somewhere, what is required
// exists, a list says what it holds, names are snake_case.
func checkValue(t *testing.T, doc map[string]any, at string, v any) {
	t.Helper()
	if list, ok := v.([]any); ok {
		for i, x := range list {
			checkValue(t, doc, fmt.Sprintf("%s/%d", at, i), x)
		}
		return
	}
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	if ref, ok := m["$ref"].(string); ok && resolve(doc, ref) == nil {
		t.Errorf("%s: %s leads nowhere", at, ref)
	}
	props, _ := m["properties"].(map[string]any)
	for name := range props {
		if !snake.MatchString(name) {
			t.Errorf("%s: field %q", at, name)
		}
	}
	if required, ok := m["required"].([]any); ok && props != nil {
		for _, r := range required {
			if props[r.(string)] == nil {
				t.Errorf("%s: %v is required and not described", at, r)
			}
		}
	}
	if types, ok := m["type"].([]any); ok && slices.Contains(types, any("array")) {
		t.Errorf("%s: a list that may be null", at)
	}
	if m["type"] == "array" && m["items"] == nil {
		t.Errorf("%s: a list of nothing", at)
	}
	for k, x := range m {
		checkValue(t, doc, at+"/"+k, x)
	}
}

func resolve(doc map[string]any, ref string) any {
	var at any = doc
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[part]
	}
	return at
}

// TestAnswersAreWhatTheDocumentSays checks the fields of every answer against
// its schema.
func TestAnswersAreWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	doc := documentOf(t)
	byName := map[string]documented{}
	for _, o := range operationsOf(doc) {
		byName[o.method+" "+strings.TrimPrefix(o.path, "/api/v1")] = o
	}
	for _, o := range ops() {
		a := o.ask(t, newHouse(), "manager", "riv")
		if a.Code == 204 || o.path == "/sources.opml" {
			continue
		}
		path, _, _ := strings.Cut(o.path, "?")
		answers := byName[o.method+" "+path].is["responses"].(map[string]any)
		said, ok := answers[fmt.Sprint(a.Code)].(map[string]any)
		if !ok {
			t.Errorf("%s %s answers %d, which is not in the document", o.method, o.path, a.Code)
			continue
		}
		schema := said["content"].(map[string]any)["application/json"].(map[string]any)["schema"]
		var v any
		if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range mismatches(doc, o.path, schema, v) {
			t.Errorf("%s %s", o.method, wrong)
		}
	}
}

// mismatches compares the kinds and fields of a value with its schema.
func mismatches(doc map[string]any, at string, schema, v any) []string {
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		s, _ = resolve(doc, ref).(map[string]any)
	}
	var out []string
	switch v := v.(type) {
	case []any:
		if s["type"] != "array" {
			return []string{fmt.Sprintf("%s is a list, not %v", at, s["type"])}
		}
		for _, x := range v {
			out = append(out, mismatches(doc, at+"[]", s["items"], x)...)
		}
	case map[string]any:
		props, _ := s["properties"].(map[string]any)
		if props == nil {
			return nil // a free object
		}
		for k, x := range v {
			if props[k] == nil {
				out = append(out, at+"."+k+" is not described")
				continue
			}
			out = append(out, mismatches(doc, at+"."+k, props[k], x)...)
		}
		required, _ := s["required"].([]any)
		for _, r := range required {
			if _, ok := v[r.(string)]; !ok {
				out = append(out, fmt.Sprintf("%s.%v is required and missing", at, r))
			}
		}
	}
	return out
}
