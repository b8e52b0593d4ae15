package run

// Stage is what a run is doing.
type Stage string

// The stages, in order.
const (
	StageAcquire Stage = "acquire"
	StageScan    Stage = "scan"
	StageCompare Stage = "compare"
	StageBuild   Stage = "build"
	StageApply   Stage = "apply"
	StageVerify  Stage = "verify"
	StagePublish Stage = "publish"
)

// Progress says how far a stage is. Total is 0 when it is not known.
type Progress struct {
	Stage Stage  `json:"stage"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Unit  string `json:"unit"` // "bytes", "people", "structures", "mailboxes"
}
