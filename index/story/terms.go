package story

import (
	"slices"
	"time"
)

// terms number the features of the remembered stories. A number is given again
// once nobody has its feature.
type terms struct {
	ids  map[string]int32
	all  []term
	free []int32
}

// A term is one feature as known.
type term struct {
	key   string
	df    int32 // entries that have it
	read  int   // scratch: the last entry that had it
	upper int32 // how often it had a capital where that tells a name
	lower int32 // and how often none
	place bool  // read as a place once
	days  days  // on how many days it was read as a name
	posts []*cluster
	at    int32 // scratch: 1 + where it stands in the entry being read; 0: not in it
}

// id gives the number of a key, new or not.
func (t *terms) id(key string) int32 {
	if id, ok := t.ids[key]; ok {
		return id
	}
	id := int32(len(t.all))
	if n := len(t.free); n > 0 {
		id, t.free = t.free[n-1], t.free[:n-1]
		t.all[id] = term{key: key}
	} else {
		t.all = append(t.all, term{key: key})
	}
	t.ids[key] = id
	return id
}

// post notes that a story is found by a feature.
func (t *terms) post(id int32, s *cluster) { t.all[id].posts = append(t.all[id].posts, s) }

func (t *terms) unpost(id int32, s *cluster) {
	posts := t.all[id].posts
	if i := slices.Index(posts, s); i >= 0 {
		last := len(posts) - 1
		posts[i], posts[last] = posts[last], nil
		t.all[id].posts = posts[:last]
	}
}

// release forgets n entries of a feature.
func (t *terms) release(id, n int32) {
	x := &t.all[id]
	if x.df -= n; x.df <= 0 {
		delete(t.ids, x.key)
		*x = term{}
		t.free = append(t.free, id)
	}
}

// learn notes how a word was written, by which it is read elsewhere.
func (t *term) learn(f found) {
	t.place = t.place || f.kind == place
	switch {
	case f.tells && f.upper:
		t.upper++
	case f.tells:
		t.lower++
	}
}

// days counts the days a name was read on. It counts each change of day, so
// that entries out of order count a little more.
type days struct{ last, n int }

func (d days) on(at time.Time) days {
	if day := int(at.Unix() / 86400); day != d.last {
		return days{day, d.n + 1}
	}
	return d
}
