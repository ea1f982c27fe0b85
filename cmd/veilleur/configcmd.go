package main

import (
	"fmt"
	"net/url"
	"strings"

	"gopkg.in/yaml.v3"

	"veilleur/internal/veille"
)

type configCmd struct{}

// Run prints the configuration in force as the YAML that would set it.
func (configCmd) Run(w *world, c *Config) error {
	shown := map[string]any{
		"data": c.Data, "store": maskURL(c.Store), "index": maskURL(c.Index), "listen": c.Listen, "address": c.Address,
		"contact": c.Contact, "fetch-allow": c.FetchAllow, "trusted-proxies": c.Proxies, "log": c.Log, "log-json": c.LogJSON,
		"smtp": map[string]any{"host": c.Smtp.Host, "port": c.Smtp.Port, "user": c.Smtp.User, "password": mask(c.Smtp.Password),
			"from": c.Smtp.From, "from-name": c.Smtp.FromName, "tls": c.Smtp.TLS},
	}
	enc := yaml.NewEncoder(w.out)
	enc.SetIndent(2)
	if err := enc.Encode(shown); err != nil {
		return fmt.Errorf("print configuration: %w", err)
	}
	return enc.Close()
}

func mask(secret string) string {
	if secret == "" {
		return ""
	}
	return "********"
}

// maskURL hides the password of an address.
func maskURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.User == nil {
		return s
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), "********")
	}
	return strings.ReplaceAll(u.String(), "%2A", "*")
}

// wrong is an error in what was typed, already in words.
func wrong(format string, args ...any) error {
	return fmt.Errorf(format+"%w", append(args, invalid{})...)
}

// invalid is veille.ErrInvalid without its text, so that the line reads well.
type invalid struct{}

func (invalid) Error() string { return "" }
func (invalid) Unwrap() error { return veille.ErrInvalid }
