package annuaire

// Field is a logical field that criteria name. Fields of an activity and of its practice hold within one situation when
// they stand under one OneActivity node; anywhere else each criterion is about the person on its own.
type Field string

// The fields of a person.
const (
	FieldID         Field = "id"   // IdNatPP
	FieldName       Field = "name" // words of family and given, any order
	FieldFamily     Field = "family"
	FieldGiven      Field = "given"
	FieldMailbox    Field = "mailbox"     // address of a published mailbox
	FieldHasMailbox Field = "has_mailbox" // "true"
	FieldPhone      Field = "phone"       // of an activity or a mailbox, "+33466000000"
)

// The fields of a situation: a practice and its activity, structure and address.
const (
	FieldProfession Field = "profession"
	FieldCategory   Field = "category"
	FieldSpecialty  Field = "specialty"
	FieldMode       Field = "mode"
	FieldSector     Field = "sector"
	FieldRole       Field = "role"
	FieldSetting    Field = "setting"   // "ville", "hopital"
	FieldSection    Field = "section"   // of the roll of pharmacists
	FieldStructure  Field = "structure" // name
	FieldStructID   Field = "structure_id"
	FieldFINESS     Field = "finess" // site or legal entity
	FieldSIRET      Field = "siret"
	FieldSIREN      Field = "siren"
	FieldStreet     Field = "street"
	FieldCity       Field = "city"
	FieldPostalCode Field = "postal_code"
	FieldINSEE      Field = "insee"
	FieldDepartment Field = "department"
	FieldRegion     Field = "region"
	FieldKind       Field = "kind" // of a mailbox
)

// Fields of what an address book shows (Browse), in words. What a mailbox is for is looked for in a search of mailboxes too.
const (
	FieldTitle       Field = "title"       // profession and savoir-faire
	FieldDescription Field = "description" // of a mailbox; in a search, its service too
)

// ExprOp is the operation of a node of a query tree.
type ExprOp uint8

// The operations. The zero Expr is True.
const (
	OpTrue ExprOp = iota
	OpFalse
	OpUndefined // an LDAP assertion on what is not known: neither true nor false (RFC 4511, 4.5.1.7)
	OpAnd
	OpOr
	OpNot
	OpOneActivity // its arguments hold within one situation of the person
	OpEquals      // whole value, folded
	OpPrefix      // words of Value are prefixes of words of the field, in order; of codes: prefix of the code
	OpContains
	OpSimilar // as Equals or Prefix, else written otherwise, else sounding alike, else mistyped: graded in this order
	OpRange   // Value <= field <= To
	OpPresent
)

// Expr is the one query tree: REST parameters, LDAP filters and alert audiences compile to it, and index evaluates it.
// Codes and labels are both accepted as values of coded fields ("10", "médecin"; "69", "Rhône").
type Expr struct {
	Op    ExprOp
	Field Field  // Equals, Prefix, Contains, Similar, Range, Present
	Value string // UTF-8, as typed: folding is the evaluator's business
	To    string // Range
	Args  []Expr // And, Or, Not (one), OneActivity
	Cost  int    // added to the grade of whoever matches through this node: how far-fetched a reading is; 0 or more
	Guess bool   // an argument of Or that counts only where the question finds few without it
}

// And holds when all args hold.
func And(args ...Expr) Expr { return group(OpAnd, args) }

// Or holds when one of args holds.
func Or(args ...Expr) Expr { return group(OpOr, args) }

// Not holds when arg does not.
func Not(arg Expr) Expr { return Expr{Op: OpNot, Args: []Expr{arg}} }

// OneActivity holds when one and the same situation satisfies all args.
func OneActivity(args ...Expr) Expr { return Expr{Op: OpOneActivity, Args: args} }

// Equals compares a whole value, folded.
func Equals(f Field, v string) Expr { return Expr{Op: OpEquals, Field: f, Value: v} }

// AnyOf holds for each of some values of a field, OpFalse for none.
func AnyOf(f Field, values []string) Expr {
	any := make([]Expr, len(values))
	for i, v := range values {
		any[i] = Equals(f, v)
	}
	return Or(any...)
}

// Prefix compares word beginnings.
func Prefix(f Field, v string) Expr { return Expr{Op: OpPrefix, Field: f, Value: v} }

// Similar compares as people write, say and mistype names.
func Similar(f Field, v string) Expr { return Expr{Op: OpSimilar, Field: f, Value: v} }

// Present holds when the field has a value.
func Present(f Field) Expr { return Expr{Op: OpPresent, Field: f} }

func group(op ExprOp, args []Expr) Expr {
	if len(args) == 1 {
		return args[0]
	}
	return Expr{Op: op, Args: args}
}
