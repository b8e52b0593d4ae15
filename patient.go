package annuaire

// RulePatientAddress is the rule that an address of a patient breaks wherever it is given.
const RulePatientAddress = "patient_address"

// PatientAddress is the refusal of an address of a patient (@patient.mssante.fr), whose local part is an INS: there is no directory of
// them, and none may be made. Op names where it was given. It never repeats what was given.
func PatientAddress(op string) *Error {
	return Invalid(op, "les adresses de patients (@patient.mssante.fr) ne figurent dans aucun annuaire : il n'en existe pas, et ce service n'en constitue pas",
		"addresses of patients (@patient.mssante.fr) are in no directory: none exists, and this service makes none").Because(RulePatientAddress)
}
