package veille

import "errors"

// HTTPStatus gives the HTTP status of an error by its kind. It is the one
// table that api and web both use: 404 not found, 400 invalid, 409 conflict,
// 403 denied, 503 busy, 500 for a fault of ours, 200 for nil.
func HTTPStatus(err error) int {
	if err == nil {
		return 200
	}
	for _, row := range []struct {
		kind   error
		status int
	}{{ErrNotFound, 404}, {ErrInvalid, 400}, {ErrConflict, 409}, {ErrDenied, 403}, {ErrBusy, 503}} {
		if errors.Is(KindOf(err), row.kind) {
			return row.status
		}
	}
	return 500
}
