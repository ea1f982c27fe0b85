package manual_test

import (
	"testing"

	"veilleur/internal/publish/manual"
	"veilleur/internal/publish/publishtest"
)

func TestManualPassesTheSuite(t *testing.T) {
	t.Parallel()
	publishtest.Run(t, func(*testing.T) publishtest.Peer {
		return publishtest.Peer{Network: manual.New(), ByHand: true}
	})
}
