package auth

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"veilleur/internal/veille"
)

// LoadKey reads the key of an installation from a file of 64 hexadecimal
// digits. A file that is not there is made, with a new random key, readable by
// its owner alone; of two processes that start together, both get the same
// key. A file that others could read is closed to them.
//
// It returns a Problem of kind ErrInvalid for a file that is no key: it is
// never written over, because what it sealed would be lost.
func LoadKey(path string) ([32]byte, error) {
	key, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return key, fmt.Errorf("auth: make key file: %w", err)
		}
		key, err = readKey(path)
	}
	return key, err
}

func readKey(path string) (key [32]byte, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return key, fmt.Errorf("auth: key file: %w", err)
	}
	b, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(b) != len(key) {
		return key, veille.NewProblem(veille.ErrInvalid, veille.Say("auth.bad_key_file", "path", path), err)
	}
	if at, err := os.Stat(path); err == nil && at.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(path, 0o600); err != nil {
			return key, fmt.Errorf("auth: key file is open to others: %w", err)
		}
	}
	return [32]byte(b), nil
}

// makeKey writes a whole key beside path and then links it there, which fails
// if another process was first: that one's key stays.
func makeKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	var key [32]byte
	rand.Read(key[:])
	_, err = fmt.Fprintln(file, hex.EncodeToString(key[:]))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name survive a power cut: a key that sealed something
// must not vanish.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
