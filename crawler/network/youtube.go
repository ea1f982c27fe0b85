package network

import (
	"net/url"
	"regexp"
	"strings"
)

func isYouTube(host string) bool {
	return host == "youtube.com" || host == "youtu.be" || host == "youtube-nocookie.com"
}

var (
	channelID  = regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`)
	playlistID = regexp.MustCompile(`^[A-Za-z0-9_-]{12,64}$`)
)

const youtubeFeed = "https://www.youtube.com/feeds/videos.xml?"

// youtube knows channels and playlists by their ids. A handle, a custom name or
// a video tells its channel only on its page.
func youtube(u *url.URL) []Feed {
	p := parts(u)
	if len(p) >= 2 && p[0] == "channel" && channelID.MatchString(p[1]) {
		return channel(p[1])
	}
	list := u.Query().Get("list")
	if len(p) == 1 && (p[0] == "playlist" || p[0] == "watch") && playlistID.MatchString(list) {
		return []Feed{{YouTube, Playlist, "", youtubeFeed + "playlist_id=" + list}}
	}
	return nil
}

// channel offers a channel's videos, all of them or only the long ones: the
// playlist that YouTube keeps of these has the channel's id with UULF for UC.
func channel(id string) []Feed {
	return []Feed{
		{YouTube, Channel, "", youtubeFeed + "channel_id=" + id},
		{YouTube, LongVideo, "", youtubeFeed + "playlist_id=UULF" + strings.TrimPrefix(id, "UC")},
	}
}

// channelOn finds the id of the channel a page of YouTube belongs to, in what
// the page says of itself, the surest first.
var channelOn = []*regexp.Regexp{
	regexp.MustCompile(`<link[^>]+rel="canonical"[^>]+href="https://www\.youtube\.com/channel/(UC[A-Za-z0-9_-]{22})"`),
	regexp.MustCompile(`<meta[^>]+itemprop="(?:identifier|channelId)"[^>]+content="(UC[A-Za-z0-9_-]{22})"`),
	regexp.MustCompile(`/feeds/videos\.xml\?channel_id=(UC[A-Za-z0-9_-]{22})`),
	regexp.MustCompile(`"externalId":"(UC[A-Za-z0-9_-]{22})"`),
	regexp.MustCompile(`"channelId":"(UC[A-Za-z0-9_-]{22})"`),
}

func youtubePage(page []byte) []Feed {
	for _, re := range channelOn {
		if m := re.FindSubmatch(page); m != nil {
			return channel(string(m[1]))
		}
	}
	return nil
}
