//go:build unix

package page

import (
	"syscall"
	"time"
)

// cpu is the time of processor the process has used, in it and for it.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
