package feed

import "bytes"

// magic tells documents that are not text by their first bytes, and empty
// ones; "" when it may be a feed.
func magic(b []byte) string {
	if len(bytes.TrimSpace(b)) == 0 {
		return "empty"
	}
	for _, m := range []struct{ prefix, is string }{
		{"%PDF", "pdf"}, {"\x89PNG", "image"}, {"GIF8", "image"}, {"\xff\xd8\xff", "image"}, {"RIFF", "image"},
		{"PK\x03\x04", "archive"}, {"\x1f\x8b", "archive"}, {"BZh", "archive"}, {"7z\xbc\xaf", "archive"}, {"\xfd7zXZ", "archive"},
		{"ID3", "media"}, {"OggS", "media"}, {"\x00\x00\x01\x00", "image"},
	} {
		if bytes.HasPrefix(b, []byte(m.prefix)) {
			return m.is
		}
	}
	if len(b) > 12 && string(b[4:8]) == "ftyp" {
		return "media"
	}
	return ""
}
