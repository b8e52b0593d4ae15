package config

import (
	"strings"
	"testing"

	"annuaire"
)

func TestSyncSettings(t *testing.T) {
	t.Run("the defaults hold, and look at nothing by themselves", func(t *testing.T) {
		c := Default()
		if err := c.Validate(); err != nil || c.Sync.Schedule != "" || len(c.Sync.Sources) != 2 || len(c.Sync.ANS) != 2 || len(c.Sync.Datagouv) != 4 {
			t.Errorf("%+v %v", c.Sync, err)
		}
		for _, u := range append(append(c.Sync.ANS, c.Sync.Datagouv...), c.Sync.DatagouvMetadata...) {
			if !strings.HasPrefix(u, "https://") {
				t.Error(u)
			}
		}
	})
	t.Run("they come from the file and the environment as any", func(t *testing.T) {
		c, err := Load(file(t, "[sync]\nschedule = \"15 4,8 * * *\"\ncanaries = [\"profession=10 >= 5\"]"), []string{"ANNUAIRE_SYNC_SOURCES=datagouv, /srv/x", "ANNUAIRE_SYNC_GATE_PASS=true"})
		if err != nil || c.Sync.Schedule != "15 4,8 * * *" || len(c.Sync.Sources) != 2 || !c.Sync.GatePass || len(c.Sync.Canaries) != 1 || c.Validate() != nil {
			t.Errorf("%+v %v", c.Sync, err)
		}
	})
	for want, spoil := range map[string]func(*Sync){
		"sync.schedule":  func(s *Sync) { s.Schedule = "each day" },
		"sync.sources":   func(s *Sync) { s.Schedule, s.Sources = "@daily", nil },
		"sync.timezone":  func(s *Sync) { s.Timezone = "Europe/Lutece" },
		"sync.jitter":    func(s *Sync) { s.Jitter = "7h" },
		"sync.retry_for": func(s *Sync) { s.RetryFor = "soon" },
		"sync.gate_soft": func(s *Sync) { s.GateSoft = 20 },
		"got 5, 101":     func(s *Sync) { s.GateHard = 101 },
		"sync.gate_alone": func(s *Sync) {
			s.GateAlone = 0
		},
	} {
		t.Run("a mistake is named: "+want, func(t *testing.T) {
			c := Default()
			spoil(&c.Sync)
			if err := c.Validate(); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), want) {
				t.Error(err)
			}
		})
	}
}
