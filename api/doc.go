// Package api is the door for programs: JSON in and out under /api/v1 with a
// bearer token, described as OpenAPI 3.1 at /api/openapi.json; a saved search
// as RSS and CSV and the calendar as ICS under /flux, by signed addresses; and
// /healthz and /metrics for those who run the house, which tell counts only.
//
// A token has the rights of its user, within her branch; one of role central
// may name any branch in the header Veilleur-Branch. What she may not see is
// not found, what is her movement's is read and not changed, a reader changes
// nothing, a contributor's posts wait for approval, and managers alone decide
// where posts and messages go. A secret goes in and never comes out, but for
// that of a webhook, once, to who made it. The address of an alert or of a
// webhook is a credential: only those who manage its branch read it whole.
//
// Nothing here is stored: every request goes to the engine or to the store
// through the small interfaces declared beside each resource. Lists are never
// null; those the archive could make long take a limit. A sentence for a
// person comes with its text in the language of the token's user.
//
// Errors are RFC 9457 problem documents: the five kinds of internal/veille
// become a status, a Problem's sentence is told in the user's language, what a
// request got wrong is 422 with its fields, and a fault of ours is told as 500
// with the request's id only.
package api
