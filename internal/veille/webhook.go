package veille

import "time"

// A Webhook is an address that is told of incidents, signed as Standard
// Webhooks.
type Webhook struct {
	ID        WebhookID `json:"id"`
	BranchID  BranchID  `json:"branch_id"`
	Name      string    `json:"name"`
	URL       string    `json:"url"`      // may hold a credential: never logged whole
	Secret    string    `json:"-"`        // whsec_…; sealed in the store
	Disabled  bool      `json:"disabled"` // by a person, or by its server: 410 Gone
	OKAt      time.Time `json:"ok_at,omitzero"`
	Problem   *Sentence `json:"problem,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// A DeliveryState says how far one message to one webhook has come.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryGivenUp   DeliveryState = "given_up"
)

// A Delivery is one message to one webhook, kept so that the page can show it
// and a retry sends the same bytes under the same id.
type Delivery struct {
	ID          DeliveryID    `json:"id"` // msg_…: constant over retries
	WebhookID   WebhookID     `json:"webhook_id"`
	IncidentID  IncidentID    `json:"incident_id,omitempty"`
	Event       string        `json:"event"` // incident.opened, incident.raised, incident.acknowledged, incident.resolved, test
	Body        []byte        `json:"-"`
	State       DeliveryState `json:"state"`
	Attempts    int           `json:"attempts"`
	Status      int           `json:"status,omitempty"` // last HTTP status; 0 when none came
	NextAt      time.Time     `json:"next_at,omitzero"`
	CreatedAt   time.Time     `json:"created_at"`
	DeliveredAt time.Time     `json:"delivered_at,omitzero"`
}
