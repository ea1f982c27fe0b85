package engine

import (
	"context"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// crowded is a memory in which one topic was mentioned a thousand times a day.
type crowded struct {
	Memory
	topic veille.TopicID
	now   time.Time
	since map[veille.TopicID]time.Time // from when the mentions of each topic were read
}

func (c *crowded) CountMentions(ctx context.Context, topic veille.TopicID, since time.Time) (int, error) {
	if topic == c.topic {
		return 1000 * int(c.now.Sub(since).Hours()/24), nil
	}
	return c.Memory.CountMentions(ctx, topic, since)
}

func (c *crowded) JudgedMentions(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.JudgedMention, error) {
	c.since[topic] = since
	return c.Memory.JudgedMentions(ctx, topic, since)
}

func TestATopicOfManyMentionsIsReadOverSixWeeksOnly(t *testing.T) {
	b := sit(t)
	b.read(news("quotidien", "vieux", 60*24*190, "Souper à la Caisse de la Rivière", "Desrivières offre le dessert."))
	c := &crowded{Memory: b.judge.evidence, topic: b.whole, now: morning, since: map[veille.TopicID]time.Time{}}
	b.judge.evidence = c
	b.sitAt(0)
	b.same("a branch, half a year", morning.Sub(c.since[b.topic]), 26*7*24*time.Hour)
	b.same("the movement, six weeks", morning.Sub(c.since[b.whole]), 6*7*24*time.Hour)
}
