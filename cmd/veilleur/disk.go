package main

import "syscall"

// reserve is how many bytes a disk must still hold not to be called full:
// SQLite and bleve each write a few megabytes to close an ordinary batch.
const reserve = 8 << 20

// full tells whether the disk under a folder takes hardly any more writing. A
// disk that cannot be asked is not.
func full(folder string) bool {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return false
	}
	return s.Bavail*uint64(s.Bsize) < reserve
}
