package letter

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

const unsigned = "From: Google Alerts <googlealerts-noreply@google.com>\r\nTo: ana@caisse.exemple\r\nSubject: Google Alert - caisse\r\n" +
	"Date: Tue, 24 Nov 2026 11:30:00 +0000\r\nMessage-ID: <1@google.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour\r\n"

// signed is a mail signed by a domain, and the DNS that holds its key.
func signed(t *testing.T, mail, domain string) ([]byte, func(string) ([]string, error)) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	o := &dkim.SignOptions{Domain: domain, Selector: "essai", Signer: key}
	if err := dkim.Sign(&out, strings.NewReader(mail), o); err != nil {
		t.Fatal(err)
	}
	record := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)
	return out.Bytes(), func(name string) ([]string, error) {
		if name == "essai._domainkey."+domain {
			return []string{record}, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
}

func TestASignatureProvesWhoSent(t *testing.T) {
	t.Parallel()
	mail, dns := signed(t, unsigned, "google.com")
	other, otherDNS := signed(t, unsigned, "mal.exemple")
	lookalike, lookalikeDNS := signed(t, unsigned, "notgoogle.com")
	below, belowDNS := signed(t, unsigned, "mail.google.com")
	away := func(string) ([]string, error) {
		return nil, &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	}
	for name, c := range map[string]struct {
		raw  []byte
		dns  func(string) ([]string, error)
		want bool
		err  error
	}{
		"signed by the domain":                         {mail, dns, true, nil},
		"signed by a host of it":                       {below, belowDNS, true, nil},
		"signed by another":                            {other, otherDNS, false, nil},
		"signed by one whose name ends alike":          {lookalike, lookalikeDNS, false, nil},
		"not signed":                                   {[]byte(unsigned), dns, false, nil},
		"changed since":                                {bytes.Replace(mail, []byte("Bonjour"), []byte("Bonsoir"), 1), dns, false, nil},
		"another sender since":                         {bytes.Replace(mail, []byte("googlealerts-noreply"), []byte("googlealerts-noreplx"), 1), dns, false, nil},
		"its key is no more":                           {mail, otherDNS, false, nil},
		"the directory is away":                        {mail, away, false, ErrUnsure},
		"the directory is away for another's key only": {other, away, false, nil},
	} {
		got, err := Signed(c.raw, "google.com", c.dns)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestOnlyATrustedServersTopmostWordCounts(t *testing.T) {
	t.Parallel()
	pass := "Authentication-Results: mx.courriel.exemple; dkim=pass header.d=google.com header.b=x; spf=pass smtp.mailfrom=google.com\r\n"
	for name, c := range map[string]struct {
		head, trusted string
		want          bool
	}{
		"the server below the trusted domain":  {pass, "courriel.exemple", true},
		"the trusted server":                   {pass, "mx.courriel.exemple", true},
		"by its identity":                      {strings.Replace(pass, "header.d=google.com", "header.i=@google.com", 1), "courriel.exemple", true},
		"another server":                       {pass, "autre.exemple", false},
		"a server that ends alike":             {pass, "riel.exemple", false},
		"nobody is trusted":                    {pass, "", false},
		"the topmost says no, a lower one yes": {"Authentication-Results: mx.courriel.exemple; dkim=none\r\n" + pass, "courriel.exemple", false},
		"the topmost is another's":             {"Authentication-Results: mal.exemple; dkim=none\r\n" + pass, "courriel.exemple", false},
		"it failed":                            {strings.Replace(pass, "dkim=pass", "dkim=fail", 1), "courriel.exemple", false},
		"another domain signed":                {strings.Replace(pass, "header.d=google.com", "header.d=mal.exemple", 1), "courriel.exemple", false},
		"none":                                 {"", "courriel.exemple", false},
	} {
		if got := Vouched([]byte(c.head+unsigned), "google.com", c.trusted); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
