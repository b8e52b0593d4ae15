package obs

import "sync"

// State is how a component does.
type State string

// The states. A degraded component still serves (old data, one listener of two); a failed or starting one does not.
const (
	StateStarting State = "starting"
	StateReady    State = "ready"
	StateDegraded State = "degraded"
	StateFailed   State = "failed"
)

// Status is one line of a report. Reason is a short sentence for the operator and holds no personal data.
type Status struct {
	Name     string `json:"name"`
	State    State  `json:"state"`
	Required bool   `json:"required"`
	Reason   string `json:"reason"`
}

// Report is the health of everything at one moment, components in the order of their registration.
type Report struct {
	Ready      bool     `json:"ready"`
	Components []Status `json:"components"`
}

// Health is the registry of components. Each component reports itself; nobody polls. It is safe for concurrent use.
type Health struct {
	mu    sync.Mutex
	order []*Component
}

// NewHealth returns an empty registry, which is not ready.
func NewHealth() *Health { return &Health{} }

// Component is one registered part of the service.
type Component struct {
	health *Health
	status Status
}

// Register adds a component, starting. A required one holds readiness back until it serves. The same name again returns
// the component already there, required if either registration says so.
func (h *Health) Register(name string, required bool) *Component {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.order {
		if c.status.Name == name {
			c.status.Required = c.status.Required || required
			return c
		}
	}
	c := &Component{health: h, status: Status{Name: name, State: StateStarting, Required: required}}
	h.order = append(h.order, c)
	return c
}

// Set reports a state and its reason.
func (c *Component) Set(s State, reason string) {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	c.status.State, c.status.Reason = s, reason
}

// Report returns a snapshot. The service is ready when something is required and all that is required serves: a registry
// that nobody has filled yet promises nothing.
func (h *Health) Report() Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := Report{Components: make([]Status, 0, len(h.order))}
	required, serving := 0, 0
	for _, c := range h.order {
		r.Components = append(r.Components, c.status)
		if c.status.Required {
			required++
			if c.status.State == StateReady || c.status.State == StateDegraded {
				serving++
			}
		}
	}
	r.Ready = required > 0 && serving == required
	return r
}
