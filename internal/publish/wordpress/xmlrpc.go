package wordpress

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
)

// A door is what the older API makes of an account.
type door int

const (
	doorShut door = iota // no answer we understand
	doorOpens
	doorRefuses // wrong name or password
)

// olderDoor asks the XML-RPC API for the account's sites, which changes
// nothing. Source: the MetaWeblog-like API of WordPress, wp.getUsersBlogs.
func (s site) olderDoor(ctx context.Context) door {
	root := *s.root
	root.RawQuery = ""
	root.Path, _, _ = strings.Cut(root.Path, "wp-json")
	root.Path = strings.TrimSuffix(strings.TrimRight(root.Path, "/"), "/index.php") + "/xmlrpc.php"
	var body bytes.Buffer
	body.WriteString(`<?xml version="1.0"?><methodCall><methodName>wp.getUsersBlogs</methodName><params>`)
	for _, v := range []string{s.user, s.secret} {
		body.WriteString(`<param><value><string>`)
		_ = xml.EscapeText(&body, []byte(v)) // a buffer takes all
		body.WriteString(`</string></value></param>`)
	}
	body.WriteString(`</params></methodCall>`)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, root.String(), &body)
	if err != nil {
		return doorShut
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	resp, err := s.hc.Do(req)
	if err != nil {
		return doorShut
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil || resp.StatusCode != http.StatusOK {
		return doorShut
	}
	return readDoor(said)
}

func readDoor(said []byte) door {
	var answer struct {
		XMLName xml.Name  `xml:"methodResponse"`
		Params  *struct{} `xml:"params"`
		Fault   []struct {
			Name string `xml:"name"`
			Code int    `xml:"value>int"`
		} `xml:"fault>value>struct>member"`
	}
	if xml.Unmarshal(bytes.TrimSpace(said), &answer) != nil {
		return doorShut
	}
	for _, m := range answer.Fault {
		if m.Name == "faultCode" && m.Code == http.StatusForbidden {
			return doorRefuses
		}
	}
	if answer.Params != nil && len(answer.Fault) == 0 {
		return doorOpens
	}
	return doorShut
}
