package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"veilleur/internal/veille"
)

// lock takes a file for this process alone. It returns ErrBusy when another
// Veilleur has it; the lock of a process that died is free.
func lock(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, veille.NewProblem(veille.ErrBusy, veille.Say("cli.folder_in_use", "path", path), err)
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f.Close, nil
}
