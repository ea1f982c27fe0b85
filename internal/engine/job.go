package engine

import (
	"encoding/json"
	"errors"
	"fmt"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// argsOf reads the argument of a job. What cannot be read never will.
func argsOf[A any](a job.Attempt) (A, error) {
	var args A
	if err := json.Unmarshal(a.Args, &args); err != nil {
		return args, job.Permanent(fmt.Errorf("engine: %s job %s: %w", a.Kind, a.Key, err))
	}
	return args, nil
}

// lasting ends a job whose object is gone; any other error is tried again.
func lasting(err error) error {
	if errors.Is(err, veille.ErrNotFound) {
		return job.Permanent(err)
	}
	return err
}
