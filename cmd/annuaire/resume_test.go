package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/control"
	"annuaire/internal/testsource"
	"annuaire/sync/run"
)

// A server killed while a run is at each of its stages takes the run up again by itself, and ends it.
func TestServerKilledAtEveryStage(t *testing.T) {
	home, away := set{800, 1, 0}, set{800, 1, 20}
	template := loaded(t, extracts(t, home))
	want := stored(t, loaded(t, extracts(t, away)))
	src, env := published(t, away)
	src.Always("GET", "/PS_LibreAcces", testsource.Slowly(5, time.Millisecond))
	for _, stage := range []run.Stage{run.StageAcquire, run.StageScan, run.StageCompare, run.StageGate, run.StageVerify, run.StageApply, run.StagePublish} {
		t.Run(string(stage), func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			copyTree(t, template, data)
			serve := []string{"serve", "--data", data, "--http", "127.0.0.1:0"}
			p := start(t, "data of", env, serve...)
			until(t, func() bool { return len(runsOf(data)) > 0 })
			var once sync.Once
			reached := false
			err := control.Call(t.Context(), filepath.Join(data, "control.sock"), "sync", syncRequest{From: []string{"ans"}}, func(e json.RawMessage) {
				var at run.Progress
				if json.Unmarshal(e, &at) == nil && at.Stage == stage && (stage != run.StageAcquire || at.Done > 0) { // of acquire: in the download
					once.Do(func() {
						reached = true
						if err := p.cmd.Process.Kill(); err != nil {
							t.Error(err)
						}
					})
				}
			}, nil)
			if !reached || err == nil && stage != run.StagePublish { // published already, it may have said so
				t.Fatalf("reached: %t, error %v", reached, err)
			}
			<-p.done
			p = start(t, "data of", env, serve...)
			until(t, func() bool {
				all := runsOf(data)
				return len(all) > 1 && (all[0].State == annuaire.RunPublished || all[0].State == annuaire.RunUnchanged)
			})
			if last := runsOf(data)[0]; last.Trigger != annuaire.TriggerResume && stage == run.StageAcquire { // later, the run may be faster than the signal
				t.Errorf("%+v", last)
			}
			p.stop(t)
			same(t, "the run was not ended", want, stored(t, data))
			checked(t, data)
			left(t, data, 1)
		})
	}
}

// runsOf asks a running server for its runs, as the administrator of the machine.
func runsOf(data string) []annuaire.SyncRun {
	client := control.Client(filepath.Join(data, "control.sock"))
	defer client.CloseIdleConnections()
	res, err := client.Get("http://annuaire/v1/sync/runs")
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	var out struct{ Items []annuaire.SyncRun }
	if res.StatusCode != http.StatusOK || json.NewDecoder(res.Body).Decode(&out) != nil {
		return nil
	}
	return out.Items
}
