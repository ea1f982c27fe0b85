package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
	kongyaml "github.com/alecthomas/kong-yaml"

	"veilleur/crawler/fetch"
	"veilleur/internal/mail"
)

// Config is all that can be set: by a YAML file, then by VEILLEUR_*, then by
// flags. The zero value of every field but Data is usable.
type Config struct {
	File       string   `name:"config" type:"path" placeholder:"FILE" help:"YAML file of settings. Default: veilleur.yaml in the data folder, if there." `
	Data       string   `default:"data" type:"path" placeholder:"DIR" help:"Folder of the database, the index, the pictures and the key."`
	Store      string   `placeholder:"SPEC" help:"sqlite:FILE or postgres://… Default: sqlite in the data folder."`
	Index      string   `placeholder:"SPEC" help:"bleve:FOLDER. Default: in the data folder."`
	Listen     string   `default:"127.0.0.1:8080" help:"Address the dashboard listens on."`
	Address    string   `placeholder:"URL" help:"Address people type to reach the dashboard; hubs push to it when it is a public one. Default: http:// and the listening address."`
	Contact    string   `placeholder:"URL" help:"Page or mailto about this reader, told to every server it reads. Default: the address of the dashboard."`
	FetchAllow []string `placeholder:"CIDR" help:"Private networks that may be read (intranets, tests)."`
	Proxies    []string `name:"trusted-proxies" placeholder:"CIDR" help:"Proxies whose forwarded headers are believed."`
	Smtp       smtp     `embed:"" prefix:"smtp-"`
	Log        string   `enum:"debug,info,warn,error" default:"info" help:"How much to say: debug, info, warn or error."`
	LogJSON    bool     `name:"log-json" help:"Log as JSON."`
}

// smtp is how mail leaves. An empty host means mail is off.
type smtp struct {
	Host     string `placeholder:"HOST" help:"Mail server. Empty: no mail leaves."`
	Port     int    `default:"587" help:"Its port."`
	User     string `placeholder:"USER" help:"Account on it."`
	Password string `placeholder:"SECRET" help:"Its password."`
	From     string `placeholder:"ADDRESS" help:"Address mail comes from."`
	FromName string `default:"Veilleur" help:"Name mail comes from."`
	TLS      string `name:"tls" enum:"starttls,tls,none" default:"starttls" help:"starttls, tls or none."`
}

// settle fills what depends on other settings.
func (c *Config) settle() {
	if c.Store == "" {
		c.Store = "sqlite:" + filepath.Join(c.Data, "veilleur.db")
	}
	if c.Index == "" {
		c.Index = "bleve:" + filepath.Join(c.Data, "index")
	}
	if c.Address == "" {
		c.Address = "http://" + c.Listen
	}
	c.Address = strings.TrimRight(c.Address, "/")
}

// public says whether the address can be reached from the web, as far as it
// tells: hubs are only asked to push to one that can.
func (c *Config) public() bool {
	u, err := url.Parse(c.Address)
	if err != nil || c.Address == "http://"+c.Listen {
		return false
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	return strings.Contains(u.Hostname(), ".") // neither localhost nor a name of the inside
}

func (c *Config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

func (c *Config) fetch() (fetch.Config, error) {
	allow, err := prefixes("fetch-allow", c.FetchAllow)
	if err != nil {
		return fetch.Config{}, err
	}
	return fetch.Config{Agent: fmt.Sprintf("Veilleur/%s (+%s)", version(), cmp.Or(c.Contact, c.Address)), Allow: allow}, nil
}

func (c *Config) mail() mail.Config {
	return mail.Config{Host: c.Smtp.Host, Port: c.Smtp.Port, User: c.Smtp.User, Password: c.Smtp.Password,
		From: c.Smtp.From, FromName: c.Smtp.FromName, TLS: c.Smtp.TLS}
}

func prefixes(flag string, in []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range in {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, wrong("--%s: %q is no network; write it as 10.0.0.0/8", flag, s)
		}
		out = append(out, p)
	}
	return out, nil
}

// fileResolver reads the YAML file under the environment: kong asks resolvers
// last and lets them win, so a flag whose variable is set is left alone.
func fileResolver(args []string) kong.Resolver {
	file := configFile(args)
	var inner kong.Resolver
	var failed error
	if f, err := os.Open(file); err == nil {
		defer f.Close()
		inner, failed = kongyaml.Loader(f)
	} else if file != "" && !os.IsNotExist(err) || file != "" && explicit(args) {
		failed = err
	}
	return kong.ResolverFunc(func(c *kong.Context, p *kong.Path, f *kong.Flag) (any, error) {
		if failed != nil {
			return nil, fmt.Errorf("settings file %s: %w", file, failed)
		}
		if inner == nil {
			return nil, nil
		}
		for _, env := range f.Envs {
			if _, ok := os.LookupEnv(env); ok {
				return nil, nil
			}
		}
		return inner.Resolve(c, p, f)
	})
}

// configFile finds the settings file before the command line is parsed: the
// flag, the variable, else veilleur.yaml in the data folder.
func configFile(args []string) string {
	if f := argument(args, "config", "VEILLEUR_CONFIG"); f != "" {
		return f
	}
	dir := argument(args, "data", "VEILLEUR_DATA")
	if dir == "" {
		dir = "data"
	}
	return filepath.Join(dir, "veilleur.yaml")
}

func explicit(args []string) bool { return argument(args, "config", "VEILLEUR_CONFIG") != "" }

func argument(args []string, flag, env string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--"+flag+"="); ok {
			return v
		}
		if a == "--"+flag && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv(env)
}
