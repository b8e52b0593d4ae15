package nomenclature

// The settings, codes of the Setting table.
const (
	settingTown     = "ville"
	settingHospital = "hopital"
)

// SettingOf tells from a sector (TRE_R02) whether an activity is in town ("ville") or at a hospital ("hopital"), "" for neither
// and for unknown sectors. There is no official table; the rule is what a patient would say:
//
//   - hospital: the health establishments, public, private and military, and what works inside one: dialysis and cancer
//     centres, the private consultations of hospital doctors, care-authorised cooperation, the head office;
//   - town: where a patient goes or is visited without being admitted: practices, companies of practitioners, health centres,
//     maisons de santé, CPTS, pharmacies, laboratories, fitters of devices, on-call care outside a practice;
//   - neither: social and medico-social care (an EHPAD is neither), prevention, schools, industry, administrations, transport,
//     and SA06: the other structures of the Service de santé des armées serve the forces where they stand.
func SettingOf(sectorCode string) string {
	switch sectorCode {
	case "SA01", "SA02", "SA03", "SA04", // établissements de santé, hôpitaux militaires
		"SA30",                         // autre établissement sanitaire
		"SA34", "SA36", "SA40", "SA51", // dialyse, cancer, secteur privé des PH, coopération avec autorisation de soins
		"SA53": // siège administratif d'un établissement de santé
		return settingHospital
	case "SA05", "SA07", "SA08", "SA09", "SA50", "SA52", "SA57", "SA60", "SA63", // cabinets, centres de santé, MSP, CPTS
		"SA25", "SA29", "SA59", // laboratoires
		"SA33", "SA38", "SA39", "SA56", "SA65", // pharmacies; SA65 is newer than our table of sectors
		"SA42", "SA61": // appareillage, oxygène à domicile
		return settingTown
	}
	return ""
}
