// Package webhook is the public contract between Veilleur and the programs it
// tells of crises: what a message says, how it is signed and how it is sent.
//
// A message is one JSON document of a type (incident.opened, incident.raised,
// incident.acknowledged, incident.resolved, test) that Schema describes. It
// stays under 20 KB. It is sent with POST and three headers, webhook-id,
// webhook-timestamp and webhook-signature; the same bytes and the same id go
// out at every retry, with a fresh timestamp, so a receiver that remembers ids
// sees each message once. An answer of 2xx is a delivery; 410 asks never to be
// called again; anything else is tried again after the delays of Delay, over
// 75 hours in all.
//
// The package stores nothing. Secrets never appear in its errors, nor in the
// problems it tells.
//
// Source: Standard Webhooks 1.0, github.com/standard-webhooks/standard-webhooks.
package webhook
