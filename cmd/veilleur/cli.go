package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// commands is every command, one file each.
type commands struct {
	Config `embed:""`

	Serve   serveCmd   `cmd:"" help:"Read, judge, publish and show the dashboard."`
	Demo    demoCmd    `cmd:"" help:"The same, on a small fictional movement, offline."`
	Crawl   crawlCmd   `cmd:"" help:"Read the sources that are due."`
	Source  sourceCmd  `cmd:"" help:"Add, list or import sources."`
	Topic   topicCmd   `cmd:"" help:"Add or list topics."`
	Search  searchCmd  `cmd:"" help:"Search the archive."`
	Parse   parseCmd   `cmd:"" help:"Parse a feed, from a file or an address, and print it as JSON."`
	Eval    evalCmd    `cmd:"" help:"Measure, on files of your own, what is said of texts (docs/signals.md)."`
	Match   matchCmd   `cmd:"" help:"Match entries against topics: JSON Lines in and out."`
	Import  importCmd  `cmd:"" help:"Import an archive of entries (JSON Lines)."`
	Reindex reindexCmd `cmd:"" help:"Derive stories, mentions and the index again from the entries."`
	Judge   judgeCmd   `cmd:"" help:"Judge every topic now, or as of a time."`
	Digest  digestCmd  `cmd:"" help:"Send a morning digest now, or print it."`
	User    userCmd    `cmd:"" help:"Add people, or make a link that signs one in."`
	Token   tokenCmd   `cmd:"" help:"Create tokens for the API."`
	Doctor  doctorCmd  `cmd:"" help:"Check that everything is in order."`
	Show    configCmd  `cmd:"" name:"config" help:"Print the configuration in force, secrets masked."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// A world is what a command may touch of its process.
type world struct {
	ctx context.Context
	in  io.Reader
	out io.Writer
	err io.Writer
	lg  *slog.Logger
}

// run runs one command line and gives the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("veilleur"), kong.Description("Watches the news for you; ten minutes in the morning are enough."),
		kong.DefaultEnvars("VEILLEUR"), kong.Writers(out, errs), kong.Exit(func(n int) { code = n }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Resolvers(fileResolver(args)))
	if err != nil {
		return fail(errs, err)
	}
	line, err := parser.Parse(args)
	if code >= 0 {
		return code // help was asked for
	}
	if err != nil {
		fmt.Fprintf(errs, "veilleur: %v (veilleur --help)\n", err)
		return 2
	}
	c.Config.settle()
	w := &world{ctx: ctx, in: in, out: out, err: errs, lg: c.Config.logger(errs)}
	if err := line.Run(w, &c.Config); err != nil {
		return fail(errs, err)
	}
	return 0
}

// fail prints an error in one line that says what to do, and gives its code.
func fail(errs io.Writer, err error) int {
	text := err.Error()
	if says, ok := veille.SaysOf(err); ok {
		text = i18n.For(locale()).Say(says)
	}
	fmt.Fprintf(errs, "veilleur: %s\n", strings.Join(strings.Fields(text), " "))
	switch kind := veille.KindOf(err); {
	case errors.Is(kind, veille.ErrInvalid):
		return 2
	case errors.Is(kind, veille.ErrNotFound):
		return 3
	case errors.Is(kind, veille.ErrBusy):
		return 4
	case errors.Is(kind, veille.ErrDenied), errors.Is(kind, veille.ErrConflict):
		return 5
	}
	return 1
}

// locale is the language of the terminal: French when it says so.
func locale() string {
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if s := os.Getenv(v); s != "" {
			if strings.HasPrefix(s, "fr") {
				return "fr"
			}
			return "en"
		}
	}
	return "en"
}
