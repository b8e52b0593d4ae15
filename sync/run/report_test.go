package run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/sync/extract"
)

func TestReported(t *testing.T) {
	t.Run("rows of people whom Personne_activite does not have", func(t *testing.T) {
		w := small()
		w.skills = append(w.skills, skill(dora, "10", "SM54"), skill(dora, "10", "SM42"))
		w.diplomas = append(w.diplomas, diploma(dora, "DE09"))
		d := openDirectory(t)
		for i, stamp := range []string{day1, day2} {
			rep := take(t, d, w, stamp)
			if rep.Orphans["PS_LibreAcces_SavoirFaire"] != 2 || rep.Orphans["PS_LibreAcces_Dipl_AutExerc"] != 1 {
				t.Error("run", i+1, rep.Orphans)
			}
		}
		if _, err := d.Professional(context.Background(), dora); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error("an orphan became a person:", err)
		}
	})
	t.Run("a file in Windows-1252, which says the same", func(t *testing.T) {
		w := small()
		w.activities[0] = w.activities[0].with("Nom d'exercice", "ÉLODIE–ŒUVRE")
		d := openDirectory(t)
		take(t, d, w, day1)
		dir := w.folder(t, t.TempDir(), day2)
		path := filepath.Join(dir, extract.Activities.String()+"_"+day2+".txt")
		raw, err := os.ReadFile(path)
		ok(t, err)
		latin, err := charmap.Windows1252.NewEncoder().Bytes(raw)
		ok(t, err)
		ok(t, os.WriteFile(path, latin, 0o600))
		rep, err := Sync(context.Background(), d, Options{From: []string{dir}})
		ok(t, err)
		if rep.Outcome != store.OutcomeUnchanged || rep.Fallback != 1 || !strings.Contains(strings.Join(rep.Warnings, "\n"), "1 rows were not UTF-8") {
			t.Errorf("%+v", rep)
		}
	})
	t.Run("unknown columns and older sets", func(t *testing.T) {
		dir := small().folder(t, t.TempDir(), day2)
		path := filepath.Join(dir, extract.Skills.String()+"_"+day2+".txt")
		raw, err := os.ReadFile(path)
		ok(t, err)
		ok(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(raw), "\n", "|Nouveau\n")), 0o600))
		ok(t, os.Rename(small().folder(t, t.TempDir(), day1), filepath.Join(dir, "hier")))
		rep, err := Sync(context.Background(), openDirectory(t), Options{From: []string{dir}})
		ok(t, err)
		all := strings.Join(rep.Warnings, "\n")
		if !strings.Contains(all, `unknown column "Nouveau" ignored`) || !strings.Contains(all, "older than") || rep.Extract.Format("200601021504") != day2 {
			t.Errorf("%+v", rep)
		}
	})
	t.Run("a sync under way, to whoever asks for another", func(t *testing.T) {
		d := openDirectory(t)
		unlock, err := d.Lock("a test")
		ok(t, err)
		defer unlock()
		if _, err := Sync(context.Background(), d, Options{From: []string{"/nowhere"}}); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
}
