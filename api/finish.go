package api

import (
	"net/url"
	"reflect"

	"veilleur/internal/veille"
)

// finish makes an answer fit for its caller: sentences get their text in her
// language, the addresses that are credentials are cut to their host unless
// she manages their branch, and no list is null. out is a pointer to the
// answer, which nobody else holds.
func finish(c caller, out any) { finisher{c}.walk(reflect.ValueOf(out).Elem()) }

type finisher struct{ caller caller }

func (f finisher) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			f.walk(v.Elem())
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			f.walk(v.Index(i))
		}
	case reflect.Struct:
		if f.known(v) {
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					f.walk(v.Field(i))
				}
			}
		}
	}
}

// known finishes the nouns that need it, and tells whether to look inside.
func (f finisher) known(v reflect.Value) bool {
	if !v.CanAddr() {
		return true
	}
	switch x := v.Addr().Interface().(type) {
	case *veille.Sentence:
		x.Text = f.caller.printer.Say(*x)
		return false
	case *veille.Source:
		if x.Secret() && !f.caller.manages(x.BranchID) {
			x.URL, x.Health.MovedTo = hostOf(x.URL), ""
			x.Mailbox, x.Health.Offers = veille.Mailbox{}, nil
			if isAddress(x.Title) {
				x.Title = hostOf(x.Title)
			}
		}
	case *veille.Webhook:
		if !f.caller.manages(x.BranchID) {
			x.URL = hostOf(x.URL)
		}
	}
	return true
}

// hostOf is an address without what it may keep secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// isAddress tells whether s is an http or https address of a host, without a
// name and password in it.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}
