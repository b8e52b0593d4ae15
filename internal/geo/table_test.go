package geo

import (
	"bytes"
	"compress/gzip"
	"os"
	"slices"
	"strings"
	"testing"

	"annuaire/internal/names"

	"github.com/google/go-cmp/cmp"
)

func TestTheTablesHoldTogether(t *testing.T) {
	all := Communes()
	if len(all) != 34969+45 {
		t.Errorf("%d communes and arrondissements", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b Commune) int { return strings.Compare(a.INSEE, b.INSEE) }) {
		t.Error("communes are not sorted")
	}
	for _, c := range all {
		if RegionOf(c.Department) != c.Region || c.Name == "" {
			t.Errorf("%+v", c)
		}
		for _, cp := range c.PostalCodes {
			if len(cp) != 5 || !names.Digits(cp) {
				t.Errorf("%s: postal code %q", c.INSEE, cp)
			}
		}
		for w := range strings.SplitSeq(names.Fold(c.Name), " ") {
			if w == "s" || w == "st" || w == "ste" {
				t.Errorf("%s: %q holds an abbreviation that key spells out", c.INSEE, c.Name)
			}
		}
	}
	for _, d := range Departments() {
		if _, ok := RegionName(RegionOf(d)); !ok {
			t.Errorf("department %s has no region", d)
		}
	}
}

func TestByINSEE(t *testing.T) {
	want := Commune{INSEE: "75115", Name: "Paris 15e Arrondissement", Department: "75", Region: "11", Parent: "75056",
		PostalCodes: []string{"75015"}, Population: mustByINSEE(t, "75115").Population}
	if diff := cmp.Diff(want, mustByINSEE(t, "75115")); diff != "" || want.Population < 100_000 {
		t.Error(diff)
	}
	for _, code := range []string{"", "99999", "7511", "2a004"} {
		if c, ok := ByINSEE(code); ok {
			t.Errorf("%q is %v", code, c)
		}
	}
}

func TestCallersCannotChangeTheTables(t *testing.T) {
	Communes()[0].Name = "spoilt"
	Departments()[0] = "spoilt"
	if Communes()[0].Name == "spoilt" || Departments()[0] == "spoilt" {
		t.Error("a returned slice is the table's own")
	}
}

func TestDivisions(t *testing.T) {
	if name, ok := DepartmentName("2A"); name != "Corse-du-Sud" || !ok {
		t.Errorf("2A is %q", name)
	}
	if name, ok := RegionName("84"); name != "Auvergne-Rhône-Alpes" || !ok {
		t.Errorf("84 is %q", name)
	}
	if name, ok := DepartmentName("20"); ok {
		t.Errorf("20 is %q", name)
	}
	if got := RegionOf("nowhere"); got != "" {
		t.Errorf("nowhere is in %q", got)
	}
	if d := Departments(); len(d) != 109 || !slices.IsSorted(d) || !slices.Contains(d, "978") {
		t.Errorf("departments: %v", d)
	}
	if r := Regions(); len(r) != 26 || !slices.IsSorted(r) {
		t.Errorf("regions: %v", r)
	}
}

func TestResolveDepartment(t *testing.T) {
	for text, want := range map[string]string{
		"69": "69", " 69 ": "69", "069": "69", "1": "01", "01": "01", "2a": "2A", "2B": "2B", "971": "971", "978": "978", "987": "987", "988": "988",
		"Rhône": "69", "rhone": "69", "RHONE": "69", "corse du sud": "2A", "Côte d’Or": "21", "seine st denis": "93", "val d'oise": "95",
		"La Réunion": "974", "réunion": "974", "la martinique": "972", "saint-martin": "978", "territoire de belfort": "90",
		"": "", "20": "", "97": "", "96": "", "000": "", "rhon": "", "Auvergne-Rhône-Alpes": "", "la": "",
	} {
		if got, ok := ResolveDepartment(text); got != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", text, got, ok, want)
		}
	}
	for _, code := range Departments() {
		name, _ := DepartmentName(code)
		if got, ok := ResolveDepartment(strings.ToUpper(name)); !ok || got != code {
			t.Errorf("%q resolves to %q, want %s", name, got, code)
		}
	}
}

func TestResolveRegion(t *testing.T) {
	for text, want := range map[string]string{
		"84": "84", "1": "01", "Auvergne-Rhône-Alpes": "84", "ile de france": "11", "IDF": "11", "paca": "93", "La Réunion": "04",
		"reunion": "04", "pays de la loire": "52", "": "", "99": "", "rhone": "", "69": "",
	} {
		if got, ok := ResolveRegion(text); got != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", text, got, ok, want)
		}
	}
	for _, code := range Regions() {
		name, _ := RegionName(code)
		if got, ok := ResolveRegion(name); !ok || got != code {
			t.Errorf("%q resolves to %q, want %s", name, got, code)
		}
	}
}

func TestBrokenTablesAreRefused(t *testing.T) {
	squeeze := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		return b.Bytes()
	}
	header := "insee\tname\ttype\tdepartement\tregion\tpopulation\tpostal_codes\tparent_insee\n"
	line := "48095\tMende\tcommune-actuelle\t48\t76\t12000\t48000\t\n"
	good := squeeze(header + line)
	if tab, err := load(good, departmentsTSV, regionsTSV); err != nil || len(tab.communes) != 1 {
		t.Fatalf("a good file: %v", err)
	}
	for name, c := range map[string]struct {
		gz                   []byte
		departments, regions string
	}{
		"not compressed":            {[]byte(header + line), departmentsTSV, regionsTSV},
		"cut short":                 {good[:len(good)-9], departmentsTSV, regionsTSV},
		"a column missing":          {squeeze(header + "48095\tMende\n"), departmentsTSV, regionsTSV},
		"a population in words":     {squeeze(header + strings.Replace(line, "12000", "many", 1)), departmentsTSV, regionsTSV},
		"a department without name": {good, "code\tname\tregion\n48\n", regionsTSV},
		"a region without name":     {good, departmentsTSV, "code\tname\n76\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := load(c.gz, c.departments, c.regions); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestTheSourceIsAttributed(t *testing.T) {
	readme, err := os.ReadFile("data/README.md")
	if err != nil || !bytes.Contains(readme, []byte("Source : INSEE, code officiel géographique, via Etalab, Licence Ouverte 2.0")) {
		t.Errorf("data/README.md does not name the source: %v", err)
	}
}
