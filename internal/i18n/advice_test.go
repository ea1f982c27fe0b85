package i18n

import (
	"strings"
	"testing"
)

// TestWhatGoesWrongWithASourceSaysWhatToDo reads the sentences of the crawler:
// each tells what is wrong, then what to do or that nothing is to be done.
func TestWhatGoesWrongWithASourceSaysWhatToDo(t *testing.T) {
	t.Parallel()
	acts := map[string][]string{
		"fr": {"ez", "d’elle-même", "de lui-même", "Rien à faire", "Dites", "laisse"},
		"en": {"Ask", "ask", "Tell", "tell", "Look", "look", "Check", "check", "Give", "by itself", "Nothing to do", "Copy", "Remove", "Follow", "follow", "Choose", "choose", "Open", "Export", "In your reader", "Import", "Split", "Say", "Add", "Correct", "try again", "can allow"},
	}
	for locale, words := range acts {
		for key := range For(locale).texts {
			if !strings.HasPrefix(key, "crawler.") {
				continue
			}
			says := For(locale).T(key, "n", 2)
			advises := false
			for _, w := range words {
				advises = advises || strings.Contains(says, w)
			}
			if !advises {
				t.Errorf("%s: %s says nothing of what to do: %q", locale, key, says)
			}
		}
	}
}
