package webhook

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// The vector of Standard Webhooks.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var vectorAt = time.Unix(1614265330, 0)

func TestSignReproducesTheVectorOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	got, err := Sign(vectorSecret, vectorID, vectorAt, []byte(vectorBody))
	if err != nil || got != vectorSignature {
		t.Errorf("Sign = %q, %v, want %q", got, err, vectorSignature)
	}
}

func headers(id string, at time.Time, signature string) http.Header {
	h := http.Header{}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(HeaderSignature, signature)
	return h
}

func TestVerify(t *testing.T) {
	t.Parallel()
	other := NewSecret()
	otherSignature, err := Sign(other, vectorID, vectorAt, []byte(vectorBody))
	if err != nil {
		t.Fatal(err)
	}
	valid := headers(vectorID, vectorAt, vectorSignature)
	for name, c := range map[string]struct {
		secrets []string
		h       http.Header
		body    string
		now     time.Time
		want    error
	}{
		"the vector is authentic":                               {[]string{vectorSecret}, valid, vectorBody, vectorAt, nil},
		"it still is five minutes later":                        {[]string{vectorSecret}, valid, vectorBody, vectorAt.Add(5 * time.Minute), nil},
		"a second more is too old":                              {[]string{vectorSecret}, valid, vectorBody, vectorAt.Add(5*time.Minute + time.Second), veille.ErrDenied},
		"more than five minutes ahead is refused":               {[]string{vectorSecret}, valid, vectorBody, vectorAt.Add(-5*time.Minute - time.Second), veille.ErrDenied},
		"a changed byte is refused":                             {[]string{vectorSecret}, valid, vectorBody + " ", vectorAt, veille.ErrDenied},
		"another id is refused":                                 {[]string{vectorSecret}, headers("msg_other", vectorAt, vectorSignature), vectorBody, vectorAt, veille.ErrDenied},
		"another timestamp is refused":                          {[]string{vectorSecret}, headers(vectorID, vectorAt.Add(time.Second), vectorSignature), vectorBody, vectorAt, veille.ErrDenied},
		"another secret is refused":                             {[]string{other}, valid, vectorBody, vectorAt, veille.ErrDenied},
		"two secrets are accepted during rotation":              {[]string{other, vectorSecret}, valid, vectorBody, vectorAt, nil},
		"two signatures are accepted during rotation":           {[]string{vectorSecret}, headers(vectorID, vectorAt, otherSignature+" "+vectorSignature), vectorBody, vectorAt, nil},
		"a signature of another version is passed over":         {[]string{vectorSecret}, headers(vectorID, vectorAt, "v1a,AAAA "+vectorSignature), vectorBody, vectorAt, nil},
		"a signature of another version alone is refused":       {[]string{vectorSecret}, headers(vectorID, vectorAt, "v2"+vectorSignature[2:]), vectorBody, vectorAt, veille.ErrDenied},
		"no header at all is refused":                           {[]string{vectorSecret}, http.Header{}, vectorBody, vectorAt, veille.ErrDenied},
		"no secret refuses everything":                          {nil, valid, vectorBody, vectorAt, veille.ErrDenied},
		"a timestamp that is no number is refused":              {[]string{vectorSecret}, http.Header{"Webhook-Id": {"m"}, "Webhook-Timestamp": {"now"}, "Webhook-Signature": {vectorSignature}}, vectorBody, vectorAt, veille.ErrDenied},
		"a malformed secret is a fault of the receiver, not it": {[]string{"hello"}, valid, vectorBody, vectorAt, veille.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := Verify(c.secrets, c.h, []byte(c.body), c.now); !errors.Is(err, c.want) {
				t.Errorf("Verify = %v, want %v", err, c.want)
			}
		})
	}
}

func TestSignWithTwoSecretsIsVerifiedWithEither(t *testing.T) {
	t.Parallel()
	old, fresh := NewSecret(), NewSecret()
	signature, err := Sign(fresh+" "+old, vectorID, vectorAt, []byte(vectorBody))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{old, fresh} {
		if err := Verify([]string{s}, headers(vectorID, vectorAt, signature), []byte(vectorBody), vectorAt); err != nil {
			t.Error(err)
		}
	}
}

func TestSignRefusesWhatWouldMakeItsSignatureAmbiguous(t *testing.T) {
	t.Parallel()
	short := secretPrefix + base64.StdEncoding.EncodeToString([]byte("short"))
	for _, c := range []struct{ secret, id string }{
		{vectorSecret, ""}, {vectorSecret, "a.b"}, {vectorSecret, "a\r\nb"}, {"", vectorID}, {"whsec_!!!", vectorID}, {short, vectorID},
	} {
		_, err := Sign(c.secret, c.id, vectorAt, nil)
		if !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("Sign(%q, %q) = %v, want ErrInvalid", c.secret, c.id, err)
		}
		if err != nil && c.secret != "" && strings.Contains(err.Error(), c.secret) {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
}

func TestNewSecretsDiffer(t *testing.T) {
	t.Parallel()
	a, b := NewSecret(), NewSecret()
	if a == b || !strings.HasPrefix(a, secretPrefix) {
		t.Errorf("NewSecret = %q then %q", a, b)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(vectorID, "1614265330", vectorSignature, vectorBody)
	f.Fuzz(func(t *testing.T, id, stamp, signature, body string) {
		h := http.Header{HeaderID: {id}}
		h.Set(HeaderID, id)
		h.Set(HeaderTimestamp, stamp)
		h.Set(HeaderSignature, signature)
		known := id == vectorID && body == vectorBody
		if err := Verify([]string{vectorSecret}, h, []byte(body), vectorAt); err == nil && !known {
			t.Errorf("Verify accepted id %q, body %q", id, body)
		}
	})
}
