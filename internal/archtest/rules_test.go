package archtest

// module is the path of the module, and of its root package.
const module = "annuaire"

// rule says which packages of ours a group of packages may import. Paths are relative to the module; "." is the root package;
// a final "/..." stands for a folder and everything under it.
type rule struct {
	pkgs []string // who
	may  []string // which packages of ours
	only bool     // nothing else but the standard library: no other module either
	why  string
}

// rules is the direction root <- leaves <- index, sync <- cmd, with api beside them. Every package of the module has exactly one
// rule: a new package must say where it stands.
var rules = []rule{
	{pkgs: []string{"."}, only: true, why: "the root package holds the domain and depends on the standard library alone"},
	{pkgs: []string{"internal/names", "internal/pipeline", "internal/limits", "internal/tlsfiles", "internal/testsource", "internal/mailaddr", "internal/mask", "internal/durable", "internal/sheet", "internal/relay", "internal/terminal", "sync/diff"}, why: "a leaf knows nothing of ours"},
	{pkgs: []string{"internal/replay"}, may: []string{".", "internal/store"}, why: "answers are kept as bytes, whatever they say"},
	{pkgs: []string{"internal/eligibility"}, may: []string{"."}, why: "it judges by what it is told, and states what it needs"},
	{pkgs: []string{"internal/cards"}, may: []string{".", "internal/store", "internal/names"}, why: "cards are read and kept beside the directory: nothing public knows of them"},
	{pkgs: []string{"internal/whitelist"}, may: []string{"internal/durable", "internal/mailaddr", "internal/tlsfiles"}, why: "a leaf reads domains as addresses have them"},
	{pkgs: []string{"internal/obs"}, may: []string{"internal/mask", "internal/terminal"}, why: "logs know what must not be written down, and nothing else of ours"},
	{pkgs: []string{"internal/nomenclature", "internal/geo"}, may: []string{"internal/names"}, why: "tables fold names and know nothing else of ours"},
	{pkgs: []string{"internal/codes"}, may: []string{".", "internal/nomenclature", "internal/geo"}, why: "what a code is called is in the tables, whoever shows it"},
	{pkgs: []string{"internal/freetext"}, may: []string{".", "internal/names", "internal/nomenclature", "internal/geo"}, why: "what people type is read with the tables, not with the index"},
	{pkgs: []string{"internal/store"}, may: []string{".", "internal/mask"}, why: "it knows the domain, and what must not be written down"},
	{pkgs: []string{"internal/access"}, may: []string{".", "internal/mailaddr"}, why: "tokens are of operators, who are of mail domains"},
	{pkgs: []string{"internal/config", "internal/control", "internal/card"}, may: []string{"."}, why: "it knows the domain and no other package of ours"},
	{pkgs: []string{"index/postings"}, why: "the segment format knows terms and postings, not what they stand for"},
	{pkgs: []string{"index"}, may: []string{".", "index/postings", "internal/card", "internal/names", "internal/codes", "internal/nomenclature", "internal/geo", "internal/pipeline"},
		why: "the index knows the domain and leaves: not where records are kept, where they come from or who asks"},
	{pkgs: []string{"internal/directory"}, may: []string{".", "index", "internal/card", "internal/durable", "internal/overlay", "internal/store", "internal/freetext", "internal/codes", "internal/nomenclature", "internal/geo", "internal/names", "internal/pipeline"},
		why: "the directory joins index and store, and knows neither extracts nor fronts"},
	{pkgs: []string{"internal/notify"}, may: []string{".", "internal/relay", "internal/store"}, why: "the outbox sends what it is given: it knows neither who is told what, nor who asked"},
	{pkgs: []string{"internal/overlay"}, may: []string{".", "internal/store"}, why: "what is published of a box follows from the tables, whoever changes them"},
	{pkgs: []string{"internal/registry"}, may: []string{".", "internal/overlay", "internal/store", "internal/mailaddr", "internal/names", "internal/nomenclature", "internal/geo"},
		why: "the registry keeps what the extracts do not hold; it states what it needs of the directory, and knows no front"},
	{pkgs: []string{"internal/alert/audience"}, may: []string{".", "internal/freetext", "internal/names", "internal/codes", "internal/nomenclature", "internal/geo"},
		why: "the language of audiences is read with the tables, not with the index"},
	{pkgs: []string{"internal/alert"}, may: []string{".", "internal/alert/audience", "internal/store", "internal/codes", "internal/nomenclature", "internal/geo"},
		why: "alerts state what they need of directory and registry, and know no front"},
	{pkgs: []string{"internal/alert/spool"}, may: []string{".", "internal/durable", "internal/store"}, why: "states of messages are kept without knowing what is sent"},
	{pkgs: []string{"internal/alert/dispatch"}, may: []string{".", "internal/alert", "internal/alert/spool", "internal/names", "internal/relay", "internal/store"},
		why: "the desk joins audiences, states and the relay; it states what it needs of mailboxes, and knows no front"},
	{pkgs: []string{"sync/extract"}, may: []string{".", "internal/names"}, why: "the formats know nothing of what becomes of a row"},
	{pkgs: []string{"sync/fetch"}, may: []string{".", "internal/durable", "internal/tlsfiles"}, why: "what is downloaded is bytes: what they mean is for others"},
	{pkgs: []string{"sync/model"}, may: []string{".", "sync/extract", "internal/store", "internal/nomenclature", "internal/geo", "internal/names"},
		why: "the model turns rows into records and knows no index"},
	{pkgs: []string{"sync/run"}, may: []string{".", "index", "sync/diff", "sync/extract", "sync/fetch", "sync/model", "internal/directory", "internal/overlay", "internal/store", "internal/codes", "internal/nomenclature", "internal/geo", "internal/pipeline"},
		why: "a run joins the importers and the directory, and knows no front"},
	{pkgs: []string{"internal/backup"}, may: []string{".", "internal/directory", "internal/durable", "internal/notify", "internal/overlay", "internal/registry", "internal/store"}, why: "a backup is of the directory and its store, whoever asks for it"},
	{pkgs: []string{"internal/oidc"}, may: []string{".", "internal/tlsfiles"}, why: "identity providers are asked by it alone, and it knows no front"},
	{pkgs: []string{"internal/audit"}, may: []string{".", "internal/sheet"}, why: "lines are written out by it, wherever they are kept"},
	{pkgs: []string{"internal/demoidp"}, why: "an identity provider is somebody else's: it knows nothing of ours"},
	{pkgs: []string{"internal/systemd"}, why: "a leaf knows nothing of ours"},
	{pkgs: []string{"internal/watch"}, may: []string{".", "internal/notify", "internal/relay", "internal/store"}, why: "watching reads what the store says of runs, and knows neither importers nor fronts; there is one way to send mail"},
	{pkgs: []string{"api/web/browser"}, may: []string{"api/web"}, why: "tests of the pages take them from outside, with a browser"},
	{pkgs: []string{"api/web"}, may: []string{"."}, why: "pages show what the front found: they ask nothing themselves"},
	{pkgs: []string{"api"}, may: []string{".", "api/web", "internal/names", "internal/obs", "internal/freetext", "internal/limits", "internal/mailaddr", "internal/sheet"}, why: "a front knows the domain and states the interfaces it needs"},
	{pkgs: []string{"ldapd/ber"}, why: "the encoding knows nothing of what it encodes"},
	{pkgs: []string{"ldapd/dn"}, may: []string{"ldapd/ber"}, why: "names are told apart without a schema"},
	{pkgs: []string{"ldapd/match"}, may: []string{"internal/names"}, why: "strings are compared without knowing of which attribute they are"},
	{pkgs: []string{"ldapd/schema", "ldapd/filter"}, may: []string{".", "internal/card", "internal/names", "ldapd/ber", "ldapd/dn", "ldapd/match", "ldapd/schema"},
		why: "schema and filters know cards, and neither connections nor where cards are kept"},
	{pkgs: []string{"ldapd"}, may: []string{".", "internal/card", "internal/limits", "internal/mailaddr", "internal/obs", "internal/pipeline", "ldapd/..."}, why: "a front knows the domain and states the interfaces it needs"},
	{pkgs: []string{"ldapd/ldaptest", "ldapd/peers"}, may: []string{".", "internal/card", "ldapd"}, why: "tests of the front take it from outside"},
	{pkgs: []string{"fixtures"}, may: []string{".", "internal/durable", "internal/names", "internal/geo"}, why: "made-up extracts must not be made by the code that reads them"},
	{pkgs: []string{"bench", "bench/relevance"}, may: []string{".", "fixtures", "internal/names", "internal/geo", "bench/relevance", "bench/rig"},
		why: "the benchmark measures the program from outside"},
	{pkgs: []string{"bench/ldap"}, may: []string{"internal/names", "bench/rig"}, why: "the benchmark speaks LDAP by itself: what is measured must not measure itself"},
	{pkgs: []string{"bench/rig"}, may: []string{"fixtures"}, why: "the test rig makes extracts and runs programs, whatever is measured"},
	{pkgs: []string{"internal/archtest", "docs"}, why: "it only looks"},
	{pkgs: []string{"internal/boxtable"}, may: []string{".", "internal/names"}, why: "a table is read and written without knowing who registers what is in it"},
	{pkgs: []string{"internal/cli"}, may: []string{".", "internal/config", "internal/control", "internal/durable"}, why: "commands share how they ask and print, not what they do"},
	{pkgs: []string{"internal/cli/manual"}, why: "pages are made of what --help says"},
	{pkgs: []string{"internal/cli/show"}, may: []string{".", "internal/cli", "internal/directory", "internal/store", "internal/terminal", "internal/watch", "sync/run"}, why: "what was found is shown, and nothing is asked"},
	{pkgs: []string{"cmd/annuaire"}, may: []string{".", "api", "ldapd", "fixtures", "internal/...", "sync/run", "sync/fetch"},
		why: "commands wire runs, directory and fronts; formats, comparison and index are behind those"},
}
