package fetch

import (
	"context"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// pace keeps us from hurrying a host: few requests at once, and a gap between
// the starts of two.
type pace struct {
	perHost int
	now     func() time.Time

	mu    sync.Mutex
	hosts map[string]*lane
}

// lane is one host's.
type lane struct {
	slots chan struct{}
	next  time.Time // the earliest start of the next request
	users int       // waiting or at work
	rest  circuitbreaker.CircuitBreaker[answer]
}

func newPace(perHost int) *pace {
	return &pace{perHost: perHost, now: time.Now, hosts: map[string]*lane{}}
}

// turn waits until a request to host may start, and gives what must be called
// when it is over. It returns ctx's error if ctx ends first.
func (p *pace) turn(ctx context.Context, host string, gap time.Duration) (func(), error) {
	l := p.enter(host)
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		p.leave(l)
		return nil, ctx.Err()
	}
	done := func() {
		<-l.slots
		p.leave(l)
	}
	wait := p.book(l, gap)
	if wait <= 0 {
		return done, nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return done, nil
	case <-ctx.Done():
		done()
		return nil, ctx.Err()
	}
}

func (p *pace) enter(host string) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lane(host)
	l.users++
	return l
}

// breaker gives what decides whether a host is left alone for a while.
func (p *pace) breaker(host string) circuitbreaker.CircuitBreaker[answer] {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lane(host).rest
}

// lane gives a host's. p.mu is held.
func (p *pace) lane(host string) *lane {
	l := p.hosts[host]
	if l == nil {
		p.sweep()
		l = &lane{slots: make(chan struct{}, p.perHost), rest: newBreaker()}
		p.hosts[host] = l
	}
	return l
}

func (p *pace) leave(l *lane) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.users--
}

// book takes the next start of a lane and says how long to wait for it.
func (p *pace) book(l *lane, gap time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	start := now
	if gap > 0 && l.next.After(now) {
		start = l.next
	}
	l.next = start.Add(gap)
	return start.Sub(now)
}

// sweep forgets idle hosts, so that the table does not grow with the web.
// p.mu is held.
func (p *pace) sweep() {
	if len(p.hosts) < 1024 {
		return
	}
	now := p.now()
	for host, l := range p.hosts {
		if l.users == 0 && l.next.Before(now) && l.rest.IsClosed() {
			delete(p.hosts, host)
		}
	}
}
