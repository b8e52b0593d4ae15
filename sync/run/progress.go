package run

// Stage is what a run is doing.
type Stage string

// The stages, in order. Building a generation aside belongs to apply. A small delta is verified before it is applied: applying it
// publishes it.
const (
	StageAcquire Stage = "acquire" // find the files, download them
	StageScan    Stage = "parse"
	StageCompare Stage = "diff"
	StageGate    Stage = "gate" // is it too much to be true?
	StageApply   Stage = "apply"
	StageBuild   Stage = "build" // a part of apply
	StageVerify  Stage = "verify"
	StagePublish Stage = "publish"
)

// Progress says how far a stage is. Total is 0 when it is not known.
type Progress struct {
	Stage Stage  `json:"stage"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Unit  string `json:"unit"`           // "bytes", "people", "structures", "mailboxes"
	Rows  int64  `json:"rows,omitempty"` // in what was done, where that is counted in bytes
}
