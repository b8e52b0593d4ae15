package config

// Alert is what the health authority may do here.
type Alert struct {
	RedList bool `toml:"red_list"` // mailboxes on the red list are written to as well; recorded on each alert
}
