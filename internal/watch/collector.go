package watch

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/store"
)

// all are the descriptions that desc has made.
var all []*prometheus.Desc

func desc(name, help string, labels ...string) *prometheus.Desc {
	d := prometheus.NewDesc("annuaire_"+name, help, labels, nil)
	all = append(all, d)
	return d
}

var (
	descExtract  = desc("data_extract_timestamp_seconds", "Time of the extract that is shown.", "source")
	descAge      = desc("data_age_seconds", "Age of the people extract that is shown.")
	descStale    = desc("data_stale", "1 when the data is older than alarm.stale_after.")
	descRecords  = desc("records", "Records shown.", "kind")
	descRunning  = desc("sync_running", "1 while a run is under way.")
	descStage    = desc("sync_stage", "1 for the stage of the run under way.", "stage")
	descProgress = desc("sync_stage_progress_ratio", "Share of the stage that is done.")
	descRuns     = desc("sync_runs_total", "Runs since the start of this process.", "outcome")
	descLast     = desc("sync_last_run_timestamp_seconds", "Start of the last run that was recorded.")
	descGood     = desc("sync_last_good_timestamp_seconds", "When a run last ended well, new data or not.")
	descFailing  = desc("sync_failing", "1 when the last run failed or was rejected.")
	descAwaiting = desc("sync_awaiting_approval", "1 when a run awaits the approval of a person.")
	descRows     = desc("sync_last_rows", "Rows read by the last recorded run.", "file")
	descRejects  = desc("sync_last_rejected_rows", "Rows put aside by the last recorded run.")
	descChanges  = desc("sync_last_changes", "What the last recorded run did.", "kind", "change")
	descStages   = desc("sync_last_stage_seconds", "Time the stages of the last good run took.", "stage")
	descHead     = desc("log_head", "Last sequence of the change log.")
	descOldest   = desc("log_oldest", "First sequence of the change log that is kept.")
	descFree     = desc("disk_free_bytes", "Free room of the disk of the data directory.")
	descUsed     = desc("disk_data_bytes", "Size of the data directory.")
	descWritable = desc("disk_writable", "1 when the data directory could last be written to.")
)

// Describe implements prometheus.Collector.
func (w *Watch) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range all {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (w *Watch) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	s, err := w.Status()
	if err != nil {
		ch <- prometheus.NewInvalidMetric(descAge, err)
		return
	}
	if !s.Extract.IsZero() {
		gauge(descExtract, unix(s.Extract), "ps")
		gauge(descAge, s.Age)
	}
	gauge(descStale, flag(s.Stale))
	gauge(descRunning, flag(s.Running))
	if s.Running && s.Stage != "" {
		gauge(descStage, 1, s.Stage)
	}
	if s.Total > 0 {
		gauge(descProgress, float64(s.Done)/float64(s.Total))
	}
	gauge(descFailing, flag(s.Failure != ""))
	gauge(descAwaiting, flag(s.Awaiting != ""))
	if !s.Good.IsZero() {
		gauge(descGood, unix(s.Good))
	}
	if s.Last != nil {
		collectRun(gauge, *s.Last)
	}
	for stage, seconds := range s.Stages {
		gauge(descStages, seconds, stage)
	}
	gauge(descFree, float64(s.Disk.Free))
	gauge(descUsed, float64(s.Disk.Used))
	gauge(descWritable, flag(s.Disk.Problem == ""))
	if win, err := w.opts.Source.Window(); err == nil {
		gauge(descHead, float64(win.Head))
		gauge(descOldest, float64(win.Oldest))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for kind, n := range w.records {
		gauge(descRecords, float64(n), string(kind))
	}
	for outcome, n := range w.outcomes {
		ch <- prometheus.MustNewConstMetric(descRuns, prometheus.CounterValue, float64(n), outcome)
	}
}

func collectRun(gauge func(*prometheus.Desc, float64, ...string), r store.Run) {
	gauge(descLast, unix(r.Started))
	if !r.MailboxesAt.IsZero() {
		gauge(descExtract, unix(r.MailboxesAt), "mssante")
	}
	for file, n := range r.Rows {
		gauge(descRows, float64(n), file)
	}
	gauge(descRejects, float64(r.Rejected))
	for kind, c := range map[string]annuaire.Counts{"person": r.People, "structure": r.Structures, "mailbox": r.Mailboxes} {
		gauge(descChanges, float64(c.Created), kind, "created")
		gauge(descChanges, float64(c.Changed), kind, "changed")
		gauge(descChanges, float64(c.Gone), kind, "gone")
	}
}

func unix(t time.Time) float64 { return float64(t.Unix()) }

func flag(b bool) float64 { return lo.Ternary(b, 1.0, 0.0) }
