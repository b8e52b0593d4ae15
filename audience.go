package annuaire

// AudienceTerm is how a criterion of an audience was understood: what was said, and the codes it stands for.
type AudienceTerm struct {
	Said     string                `json:"said"`     // as the audience writes it: "specialty:pédiatrie"
	Everyday string                `json:"everyday"` // the everyday word that stands for these codes, "" where the codes themselves or a label were named
	Removes  bool                  `json:"removes"`  // it stands under a "-" or in exclude(...)
	Means    [][]AudienceCriterion `json:"means"`    // any of these, each of which holds as a whole within one activity
}

// AudienceCriterion is any of some codes of a field. Of long lists of numbers, only how many they are.
type AudienceCriterion struct {
	Field Field   `json:"field"`
	Codes []Coded `json:"codes,omitempty"`
	Count int     `json:"count"`
}

// AudienceWarning is what its author should look at before an audience is used. Rule is stable, for programs.
type AudienceWarning struct {
	Rule    string `json:"rule"`
	Message string `json:"message"` // French
	English string `json:"english"`
}
