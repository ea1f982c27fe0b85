package veille

import "time"

// A Branch is who works here: a caisse, or the movement itself, which is the
// branch without a parent. It owns sources, topics, channels, posts and goals,
// and sees the entries of its own sources and of its parents'.
type Branch struct {
	ID        BranchID  `json:"id"`
	ParentID  BranchID  `json:"parent_id,omitempty"`
	Name      string    `json:"name"`
	Locale    string    `json:"locale"`  // "fr" or "en"
	Zone      string    `json:"zone"`    // IANA, e.g. America/Toronto
	Address   string    `json:"address"` // postal address for the foot of mails; "" leaves the name alone
	CreatedAt time.Time `json:"created_at"`
}

// A Role says what a user may do in her branch.
type Role string

// The roles, from the widest to the narrowest.
const (
	RoleCentral     Role = "central" // sees every branch
	RoleManager     Role = "manager"
	RoleContributor Role = "contributor"
	RoleApprover    Role = "approver"
	RoleReader      Role = "reader"
)

// A User is a person who signs in.
type User struct {
	ID           UserID         `json:"id"`
	BranchID     BranchID       `json:"branch_id"`
	Name         string         `json:"name"`
	Email        string         `json:"email"` // unique, lower case
	Locale       string         `json:"locale"`
	Role         Role           `json:"role"`
	PasswordHash string         `json:"-"` // argon2id; "" means she signs in by link only
	Digest       DigestSettings `json:"digest"`
	CreatedAt    time.Time      `json:"created_at"`
}

// DigestSettings say when a user's morning digest goes out.
type DigestSettings struct {
	On     bool   `json:"on"`
	Hour   int    `json:"hour"`   // 0–23, wall time in Zone
	Minute int    `json:"minute"` // 0–59
	Zone   string `json:"zone"`   // IANA; "" means the branch's
	Days   []int  `json:"days"`   // 0 Sunday … 6 Saturday; empty means Monday to Friday
}

// A Token opens the API for programs. Only its hash is kept.
type Token struct {
	ID        TokenID   `json:"id"`
	UserID    UserID    `json:"user_id"`
	Name      string    `json:"name"`
	Hash      string    `json:"-"` // hex SHA-256 of the token
	CreatedAt time.Time `json:"created_at"`
	UsedAt    time.Time `json:"used_at,omitzero"` // zero: never used
}
