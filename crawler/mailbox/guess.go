package mailbox

import "strings"

// Guess gives the server of an address, for the providers whose own help pages
// name it; "" for any other: its owner knows. Each takes TLS on port 993.
func Guess(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	switch domain {
	case "gmail.com", "googlemail.com":
		return "imap.gmail.com"
	case "videotron.ca":
		return "imap.videotron.ca"
	case "bell.net", "sympatico.ca":
		return "imap.bell.net"
	case "yahoo.com", "yahoo.ca", "yahoo.fr":
		return "imap.mail.yahoo.com"
	case "icloud.com", "me.com", "mac.com":
		return "imap.mail.me.com"
	case "fastmail.com":
		return "imap.fastmail.com"
	}
	return ""
}

// Barred says whether a provider lets no program in by password: since
// September 2024, those of Microsoft for personal addresses.
func Barred(address string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	name, _, _ := strings.Cut(domain, ".")
	switch name {
	case "outlook", "hotmail", "live", "msn":
		return strings.Count(domain, ".") == 1
	}
	return false
}
