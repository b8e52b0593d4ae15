package config

import (
	"time"

	"github.com/robfig/cron/v3"
)

// Sync is where the extracts come from, when, and what is too much to be believed.
type Sync struct {
	Sources  []string `toml:"sources"`  // asked in order until one answers: "ans", "datagouv", addresses, paths
	Schedule string   `toml:"schedule"` // when a server looks at them: cron, five fields; "" is never by itself
	Timezone string   `toml:"timezone"` // of schedule
	Jitter   string   `toml:"jitter"`   // each time is put off by a random part of it, as "10m"

	CAFile       string   `toml:"ca_file"`       // PEM: authorities trusted beside those of the system, for the private one of the ANS
	AllowedHosts []string `toml:"allowed_hosts"` // that redirects may lead to, beside the host asked
	RetryFor     string   `toml:"retry_for"`     // how long a source that is away is asked again, as "20m"

	ANS              []string `toml:"ans"`               // the addresses behind "ans"
	Datagouv         []string `toml:"datagouv"`          // the addresses behind "datagouv"
	DatagouvMetadata []string `toml:"datagouv_metadata"` // data sets that state the checksums of these files

	GateSoft  int      `toml:"gate_soft"`  // percent of a group that leaves or changes: above, a run awaits approval
	GateHard  int      `toml:"gate_hard"`  // percent: above, a person is always needed
	GateAlone int      `toml:"gate_alone"` // members from which a group counts alone; smaller ones count together
	GatePass  bool     `toml:"gate_pass"`  // between soft and hard, go on with a warning
	Canaries  []string `toml:"canaries"`   // questions that must find so many people before anything is published: "profession=10&department=69 >= 4000"
}

const (
	ansBase      = "https://service.annuaire.sante.fr/annuaire-sante-webservices/V300/services/extraction/"
	datagouvBase = "https://www.data.gouv.fr/api/1/datasets/"
)

func defaultSync() Sync {
	return Sync{Sources: []string{"ans", "datagouv"}, Timezone: "Europe/Paris", Jitter: "10m", RetryFor: "20m",
		AllowedHosts: []string{"service.annuaire.sante.fr", "www.data.gouv.fr", "static.data.gouv.fr"},
		ANS:          []string{ansBase + "PS_LibreAcces", ansBase + "Extraction_Correspondance_MSSante"},
		Datagouv: []string{
			datagouvBase + "r/fffda7e9-0ea2-4c35-bba0-4496f3af935d", // ps-libreacces-personne-activite.txt
			datagouvBase + "r/fb55f15f-bd61-4402-b551-51ef387f2fab", // ps-libreacces-savoirfaire.txt
			datagouvBase + "r/41ae70ac-90c8-4c4e-8644-4ef1b100f045", // ps-libreacces-dipl-autexerc.txt
			datagouvBase + "r/afe01105-d9a1-41fe-921f-e40ea48b2ba6", // extraction-correspondance-mssante.txt
		},
		DatagouvMetadata: []string{datagouvBase + "69025e6c73d1f9b79ca3c365/", datagouvBase + "6902546dfc27585fa038d104/"},
		GateSoft:         5, GateHard: 15, GateAlone: 1000, Canaries: []string{}}
}

// maxRetry bounds retry_for and jitter: longer, a run would last until the next one.
const maxRetry = 6 * time.Hour

func (s Sync) check(f *faults) {
	if s.Schedule != "" {
		_, err := cron.ParseStandard(s.Schedule)
		f.want(err == nil, "sync.schedule: five cron fields such as \"15 4,8,12 * * *\" (got %q)", s.Schedule)
		f.want(len(s.Sources) > 0, "sync.sources: needed where there is a schedule")
	}
	_, err := time.LoadLocation(s.Timezone)
	f.want(err == nil && s.Timezone != "", "sync.timezone: such as Europe/Paris (got %q)", s.Timezone)
	f.lasting("sync.jitter", s.Jitter, 0, maxRetry)
	f.lasting("sync.retry_for", s.RetryFor, 0, maxRetry)
	f.want(s.GateSoft >= 1 && s.GateHard >= s.GateSoft && s.GateHard <= 100, "sync.gate_soft, sync.gate_hard: percents, 1 <= soft <= hard <= 100 (got %d, %d)", s.GateSoft, s.GateHard)
	f.want(s.GateAlone >= 1, "sync.gate_alone: 1 or more (got %d)", s.GateAlone)
}

// Durations are jitter and retry_for.
func (s Sync) Durations() (jitter, retryFor time.Duration) {
	return known(s.Jitter), known(s.RetryFor)
}
