package mail

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// A server is a mail server for one test: it speaks enough SMTP, answers as
// told, and keeps what it took.
type server struct {
	port    int
	answers map[string]string // by command, e.g. "RCPT": "550 no such user"; "" closes the connection
	auth    bool              // offer PLAIN

	mu    sync.Mutex
	taken []string // bodies
	said  []string // commands
}

func serve(t *testing.T, answers map[string]string, auth bool) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{port: l.Addr().(*net.TCPAddr).Port, answers: answers, auth: auth}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.talk(c) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return s
}

func (s *server) talk(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 test\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " ?")[0])
		s.mu.Lock()
		s.said = append(s.said, strings.TrimSpace(line))
		s.mu.Unlock()
		answer, set := s.answers[verb]
		if set && answer == "" {
			return
		}
		if !set {
			answer = s.usual(verb)
		}
		fmt.Fprint(c, answer+"\r\n")
		if verb == "QUIT" {
			return
		}
		if verb == "DATA" && strings.HasPrefix(answer, "354") && !s.read(c, r) {
			return
		}
	}
}

func (s *server) usual(verb string) string {
	switch verb {
	case "EHLO":
		if s.auth {
			return "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN"
		}
		return "250-test\r\n250 8BITMIME"
	case "DATA":
		return "354 go on"
	case "QUIT":
		return "221 bye"
	case "AUTH":
		return "235 welcome"
	}
	return "250 ok"
}

// read takes a message's body and answers it; false ends the conversation.
func (s *server) read(c net.Conn, r *bufio.Reader) bool {
	var body strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		body.WriteString(strings.TrimPrefix(line, "."))
	}
	answer, set := s.answers["BODY"]
	if !set {
		answer = "250 taken"
	}
	if strings.HasPrefix(answer, "2") {
		s.mu.Lock()
		s.taken = append(s.taken, body.String())
		s.mu.Unlock()
	}
	if answer == "" {
		return false
	}
	fmt.Fprint(c, answer+"\r\n")
	return true
}

// one gives the only message taken.
func (s *server) one(t *testing.T) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.taken) != 1 {
		t.Fatalf("%d messages were taken, want 1", len(s.taken))
	}
	return s.taken[0]
}
