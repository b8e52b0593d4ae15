package geo

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// row is what the extract says of a place.
type row struct{ insee, city, cp, line, country string }

func TestLocate(t *testing.T) {
	for name, c := range map[string]struct {
		in   row
		want Place
	}{
		"the commune gives department and region": {
			row{insee: "48095", city: "Mende", cp: "48000"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "48000", Department: "48", Region: "76"}},
		"the commune wins over a CEDEX code no table knows": {
			row{"25462", "Pontarlier", "25304", "25304 PONTARLIER CEDEX", ""},
			Place{INSEE: "25462", City: "Pontarlier", PostalCode: "25304", Department: "25", Region: "27"}},
		"the commune wins over the postal code of a neighbouring department": {
			row{insee: "48095", city: "Mende", cp: "12000"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "12000", Department: "48", Region: "76"}},
		"the commune names the city when nothing else does": {
			row{insee: "48095"},
			Place{INSEE: "48095", City: "Mende", Department: "48", Region: "76"}},
		"the commune stands even with a junk postal code": {
			row{insee: "48095", cp: "GL"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "GL", Department: "48", Region: "76"}},
		"a name in capitals takes the official spelling": {
			row{insee: "42218", city: "ST ETIENNE", cp: "42000"},
			Place{INSEE: "42218", City: "Saint-Étienne", PostalCode: "42000", Department: "42", Region: "84"}},
		"another name than the commune's stays": {
			row{insee: "48095", city: "Chabrits", cp: "48000"},
			Place{INSEE: "48095", City: "Chabrits", PostalCode: "48000", Department: "48", Region: "76"}},
		"a city with a department is its commune": {
			row{city: "MENDE", cp: "48999"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "48999", Department: "48", Region: "76"}},
		"homonyms in the department are told apart by the postal code": {
			row{city: "Saint-Denis", cp: "97400"},
			Place{INSEE: "97411", City: "Saint-Denis", PostalCode: "97400", Department: "974", Region: "04"}},
		"an unknown city keeps its department": {
			row{city: "LIEU INCONNU", cp: "48000"},
			Place{City: "LIEU INCONNU", PostalCode: "48000", Department: "48", Region: "76"}},
		"a name that several departments share, without postal code, is nowhere": {
			row{city: "Saint-Denis"},
			Place{City: "Saint-Denis"}},
		"a name that France has once needs no postal code": {
			row{line: "PARIS CEDEX 13"},
			Place{INSEE: "75056", City: "Paris", Department: "75", Region: "11"}},
		"the last line alone gives city and postal code": {
			row{line: "25304 PONTARLIER CEDEX"},
			Place{INSEE: "25462", City: "Pontarlier", PostalCode: "25304", Department: "25", Region: "27"}},
		"an article behind the name comes in front": {
			row{cp: "69890", line: "69890 TOUR DE SALVAGNY (LA)"},
			Place{INSEE: "69250", City: "La Tour-de-Salvagny", PostalCode: "69890", Department: "69", Region: "84"}},
		"an elided article comes in front": {
			row{line: "94240 HAY LES ROSES (L')"},
			Place{INSEE: "94038", City: "L'Haÿ-les-Roses", PostalCode: "94240", Department: "94", Region: "11"}},
		"CEDEX and its number are no part of the city": {
			row{cp: "51003", line: "51003 CHALONS EN CHAMPAGNE CEDEX 3"},
			Place{INSEE: "51108", City: "Châlons-en-Champagne", PostalCode: "51003", Department: "51", Region: "44"}},
		"an unknown CEDEX code gives the department by its digits": {
			row{line: "34295 ZONE INCONNUE CEDEX 5"},
			Place{City: "ZONE INCONNUE", PostalCode: "34295", Department: "34", Region: "76"}},
		"CEDEX in the label goes too": {
			row{city: "Mende Cedex", cp: "48001"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "48001", Department: "48", Region: "76"}},
		"the label of the commune wins over the last line": {
			row{city: "Chabrits", line: "48000 MENDE"},
			Place{City: "Chabrits", PostalCode: "48000", Department: "48", Region: "76"}},
		"the postal code column wins over the last line": {
			row{city: "Mende", cp: "48000", line: "75015 PARIS"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "48000", Department: "48", Region: "76"}},
		"sur is abbreviated on envelopes": {
			row{line: "71100 CHALON S/ SAONE"},
			Place{INSEE: "71076", City: "Chalon-sur-Saône", PostalCode: "71100", Department: "71", Region: "27"}},
		"a postal code of Paris says which arrondissement": {
			row{line: "75015 PARIS"},
			Place{INSEE: "75115", City: "Paris", PostalCode: "75015", Department: "75", Region: "11"}},
		"75116 is the 16th too": {
			row{city: "Paris", cp: "75116"},
			Place{INSEE: "75116", City: "Paris", PostalCode: "75116", Department: "75", Region: "11"}},
		"75056 is Paris itself and stays": {
			row{insee: "75056", city: "PARIS", cp: "75015"},
			Place{INSEE: "75056", City: "Paris", PostalCode: "75015", Department: "75", Region: "11"}},
		"69123 is Lyon itself and stays": {
			row{insee: "69123", city: "LYON", cp: "69003"},
			Place{INSEE: "69123", City: "Lyon", PostalCode: "69003", Department: "69", Region: "84"}},
		"13055 is Marseille itself and stays": {
			row{insee: "13055", city: "MARSEILLE", cp: "13008"},
			Place{INSEE: "13055", City: "Marseille", PostalCode: "13008", Department: "13", Region: "93"}},
		"an arrondissement may be called by its city": {
			row{insee: "69383", city: "LYON", cp: "69003"},
			Place{INSEE: "69383", City: "Lyon", PostalCode: "69003", Department: "69", Region: "84"}},
		"an arrondissement may be written in short": {
			row{city: "LYON 03", cp: "69003"},
			Place{INSEE: "69383", City: "Lyon 3e Arrondissement", PostalCode: "69003", Department: "69", Region: "84"}},
		"Corsica under 20200 is the south": {
			row{line: "20179 LIEU INCONNU CEDEX"},
			Place{City: "LIEU INCONNU", PostalCode: "20179", Department: "2A", Region: "94"}},
		"Corsica from 20200 is the north": {
			row{line: "20297 LIEU INCONNU CEDEX"},
			Place{City: "LIEU INCONNU", PostalCode: "20297", Department: "2B", Region: "94"}},
		"a Corsican commune wins over its digits": {
			row{insee: "2a004", city: "Ajaccio", cp: "20200"},
			Place{INSEE: "2A004", City: "Ajaccio", PostalCode: "20200", Department: "2A", Region: "94"}},
		"overseas departments have three digits": {
			row{line: "97999 LIEU INCONNU"},
			Place{City: "LIEU INCONNU", PostalCode: "97999"}},
		"La Réunion is 974": {
			row{line: "97499 LIEU INCONNU CEDEX"},
			Place{City: "LIEU INCONNU", PostalCode: "97499", Department: "974", Region: "04"}},
		"New Caledonia is 988": {
			row{line: "98899 LIEU INCONNU"},
			Place{City: "LIEU INCONNU", PostalCode: "98899", Department: "988", Region: "988"}},
		"Saint-Martin is 978 with the postal code of Guadeloupe": {
			row{insee: "97801", city: "Saint-Martin", cp: "97150"},
			Place{INSEE: "97801", City: "Saint-Martin", PostalCode: "97150", Department: "978", Region: "978"}},
		"Saint-Martin is found by its postal code": {
			row{line: "97150 MARIGOT"},
			Place{City: "MARIGOT", PostalCode: "97150", Department: "978", Region: "978"}},
		"Saint-Barthélemy is 977 with the postal code of Guadeloupe": {
			row{city: "ST BARTHELEMY", cp: "97133"},
			Place{INSEE: "97701", City: "Saint-Barthélemy", PostalCode: "97133", Department: "977", Region: "977"}},
		"a postal code across two departments follows the city": {
			row{city: "Lusanger", cp: "44590"},
			Place{INSEE: "44086", City: "Lusanger", PostalCode: "44590", Department: "44", Region: "52"}},
		"abroad there is no department": {
			row{city: "Cheltenham", cp: "GL", line: "GL CHELTENHAM", country: "99132"},
			Place{City: "Cheltenham", PostalCode: "GL", Country: "99132"}},
		"abroad the city comes from the last line": {
			row{cp: "GL", line: "GL CHELTENHAM", country: "99132"},
			Place{City: "CHELTENHAM", PostalCode: "GL", Country: "99132"}},
		"abroad a French-looking postal code places nothing": {
			row{city: "Paris", cp: "75015", country: "99404"},
			Place{City: "Paris", PostalCode: "75015", Country: "99404"}},
		"99000 is France": {
			row{insee: "48095", city: "Mende", country: "99000"},
			Place{INSEE: "48095", City: "Mende", Department: "48", Region: "76"}},
		"99100 is France": {
			row{city: "Mende", cp: "48000", country: "99100"},
			Place{INSEE: "48095", City: "Mende", PostalCode: "48000", Department: "48", Region: "76"}},
		"a junk postal code places nothing, even a unique name": {
			row{city: "Mende", cp: "GL"},
			Place{City: "Mende", PostalCode: "GL"}},
		"Monaco is in no department": {
			row{line: "98000 MONACO"},
			Place{City: "MONACO", PostalCode: "98000"}},
		"a commune newer than the tables keeps its code": {
			row{insee: "48999", city: "Nouvelle-Commune", cp: "48000"},
			Place{INSEE: "48999", City: "Nouvelle-Commune", PostalCode: "48000", Department: "48", Region: "76"}},
		"an unknown commune without postal code is in its digits' department": {
			row{insee: "97299"},
			Place{INSEE: "97299", Department: "972", Region: "02"}},
		"an unknown commune that its postal code contradicts is dropped": {
			row{insee: "48999", city: "Ailleurs", cp: "75015"},
			Place{City: "Ailleurs", PostalCode: "75015", Department: "75", Region: "11"}},
		"a junk commune is dropped": {
			row{insee: "00000", city: "Ailleurs"},
			Place{City: "Ailleurs"}},
		"nothing is nowhere": {row{}, Place{}},
		"spaces around columns do not count": {
			row{" 48095 ", "  Mende ", " 48000 ", "", " "},
			Place{INSEE: "48095", City: "Mende", PostalCode: "48000", Department: "48", Region: "76"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Locate(c.in.insee, c.in.city, c.in.cp, c.in.line, c.in.country)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// soundPlace checks what holds of every place, whatever the columns were.
func soundPlace(t interface{ Fatalf(string, ...any) }, p Place) {
	if _, known := DepartmentName(p.Department); p.Department != "" && !known {
		t.Fatalf("unknown department %q", p.Department)
	}
	if p.Region != RegionOf(p.Department) {
		t.Fatalf("region %q of department %q", p.Region, p.Department)
	}
	if p.Country != "" && (p.Department != "" || p.INSEE != "") {
		t.Fatalf("in %q and yet in %q", p.Country, p.Department)
	}
	if c, known := ByINSEE(p.INSEE); known && c.Department != p.Department {
		t.Fatalf("commune of %q in department %q", c.Department, p.Department)
	}
	if p.INSEE != "" && p.Department == "" {
		t.Fatalf("a commune without department")
	}
	if !utf8.ValidString(p.City) {
		t.Fatalf("the city is not UTF-8")
	}
}

func TestEveryCommuneIsFoundByNameAndPostalCode(t *testing.T) {
	for _, c := range Communes() {
		for _, cp := range c.PostalCodes {
			p := Locate("", c.Name, cp, "", "")
			soundPlace(t, p)
			if p.Department != c.Department || p.INSEE == "" {
				t.Errorf("%s %s: %+v", cp, c.Name, p)
			}
			if line := Locate("", "", "", cp+" "+c.Name+" CEDEX 2", ""); line != p {
				t.Errorf("%s %s: the last line gives %+v, the columns %+v", cp, c.Name, line, p)
			}
		}
	}
}

func TestLocateHolds(t *testing.T) {
	all := Communes()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "commune")
		other := rapid.SampledFrom(all).Draw(t, "other")
		cp := rapid.OneOf(rapid.SampledFrom(append(c.PostalCodes, "", "GL")), rapid.StringMatching(`[0-9]{5}`)).Draw(t, "cp")
		city := rapid.SampledFrom([]string{"", c.Name, other.Name, "LIEU"}).Draw(t, "city")
		p := Locate(c.INSEE, city, cp, other.Name, "")
		soundPlace(t, p)
		if p.INSEE != c.INSEE {
			t.Fatalf("commune %s became %s", c.INSEE, p.INSEE)
		}
		soundPlace(t, Locate("", city, cp, other.Name, rapid.SampledFrom([]string{"", "99100", "99132"}).Draw(t, "country")))
	})
}

func FuzzLocate(f *testing.F) {
	f.Add("25462", "Pontarlier", "25304", "25304 PONTARLIER CEDEX", "")
	f.Add("", "", "69890", "69890 TOUR DE SALVAGNY (LA)", "")
	f.Add("", "", "GL", "GL CHELTENHAM", "99132")
	f.Add("97801", "", "97150", "", "99000")
	f.Add("2Z999", "(L')", "20\xff00", "CEDEX ()", "99")
	f.Fuzz(func(t *testing.T, insee, city, cp, line, country string) {
		p := Locate(insee, city, cp, line, country)
		soundPlace(t, p)
		if again := Locate(p.INSEE, p.City, p.PostalCode, "", p.Country); again.Department != p.Department || again.Country != p.Country {
			t.Fatalf("%+v is read back as %+v", p, again)
		}
	})
}
