package veille

// HTTPStatus gives the HTTP status of an error by its kind. It is the one
// table that api and web both use: 404 not found, 400 invalid, 409 conflict,
// 403 denied, 503 busy, 500 for a fault of ours, 200 for nil.
func HTTPStatus(err error) int {
	if err == nil {
		return 200
	}
	switch KindOf(err) {
	case ErrNotFound:
		return 404
	case ErrInvalid:
		return 400
	case ErrConflict:
		return 409
	case ErrDenied:
		return 403
	case ErrBusy:
		return 503
	}
	return 500
}
