package webhook

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// A validator checks documents against the part of JSON Schema 2020-12 that
// schema.json uses; a keyword it does not know fails the test that makes it.
type validator struct {
	root map[string]any
}

func newValidator(t *testing.T, schema []byte) validator {
	t.Helper()
	var v validator
	if err := json.Unmarshal(schema, &v.root); err != nil {
		t.Fatalf("schema: %v", err)
	}
	known := []string{"$schema", "title", "description", "type", "oneOf", "$ref", "$defs", "required", "additionalProperties",
		"properties", "enum", "const", "format", "items", "minimum", "maximum", "maxLength"}
	var walk func(s map[string]any)
	walk = func(s map[string]any) {
		for k, x := range s {
			if !slices.Contains(known, k) {
				t.Fatalf("schema: keyword %q is not checked by this test", k)
			}
			if k == "properties" || k == "$defs" {
				for _, p := range x.(map[string]any) {
					walk(p.(map[string]any))
				}
			} else if sub, ok := x.(map[string]any); ok {
				walk(sub)
			}
		}
	}
	walk(v.root)
	return v
}

func (v validator) validate(doc []byte) error {
	var x any
	if err := json.Unmarshal(doc, &x); err != nil {
		return err
	}
	return v.check(v.root, x, "")
}

func (v validator) check(s map[string]any, x any, at string) error {
	if ref, ok := s["$ref"].(string); ok {
		defs := v.root["$defs"].(map[string]any)
		return v.check(defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), x, at)
	}
	if all, ok := s["oneOf"].([]any); ok {
		var errs []error
		for _, one := range all {
			if err := v.check(one.(map[string]any), x, at); err != nil {
				errs = append(errs, err)
			}
		}
		if len(all)-len(errs) != 1 {
			return fmt.Errorf("%s: %d of %d alternatives hold: %v", at, len(all)-len(errs), len(all), errs)
		}
	}
	if c, ok := s["const"]; ok && !reflect.DeepEqual(c, x) {
		return fmt.Errorf("%s: %v is not %v", at, x, c)
	}
	if e, ok := s["enum"].([]any); ok && !slices.Contains(e, x) {
		return fmt.Errorf("%s: %v is not in %v", at, x, e)
	}
	if typ, ok := s["type"].(string); ok && !isType(typ, x) {
		return fmt.Errorf("%s: %v is no %s", at, x, typ)
	}
	switch x := x.(type) {
	case string:
		return checkString(s, x, at)
	case float64:
		return checkNumber(s, x, at)
	case []any:
		for n, one := range x {
			if err := v.check(s["items"].(map[string]any), one, fmt.Sprintf("%s[%d]", at, n)); err != nil {
				return err
			}
		}
	case map[string]any:
		return v.checkObject(s, x, at)
	}
	return nil
}

func (v validator) checkObject(s, x map[string]any, at string) error {
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := x[name.(string)]; !ok {
			return fmt.Errorf("%s: %v is missing", at, name)
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for name, one := range x {
		p, ok := properties[name].(map[string]any)
		if !ok {
			if s["additionalProperties"] == false {
				return fmt.Errorf("%s: %s is not expected", at, name)
			}
			continue
		}
		if err := v.check(p, one, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func isType(typ string, x any) bool {
	switch x := x.(type) {
	case string:
		return typ == "string"
	case bool:
		return typ == "boolean"
	case float64:
		return typ == "number" || typ == "integer" && x == float64(int64(x))
	case []any:
		return typ == "array"
	case map[string]any:
		return typ == "object"
	}
	return false
}

func checkString(s map[string]any, x, at string) error {
	if n, ok := s["maxLength"].(float64); ok && utf8.RuneCountInString(x) > int(n) {
		return fmt.Errorf("%s: over %v characters", at, n)
	}
	if s["format"] == "date-time" {
		if _, err := time.Parse(time.RFC3339, x); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

func checkNumber(s map[string]any, x float64, at string) error {
	if n, ok := s["minimum"].(float64); ok && x < n {
		return fmt.Errorf("%s: %v is under %v", at, x, n)
	}
	if n, ok := s["maximum"].(float64); ok && x > n {
		return fmt.Errorf("%s: %v is over %v", at, x, n)
	}
	return nil
}
