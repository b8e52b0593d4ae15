// Package extract reads the national extracts of the Annuaire Santé: Personne_activite, SavoirFaire and Dipl_AutExerc (the
// three "PS libre accès" files) and Correspondance_MSSante, as plain text or inside a ZIP.
//
// Discover says which files make up a source, Open prepares one of them, Scan passes over all its rows in parallel, and
// ReadRow comes back to chosen rows, which Activity, Skill, Diploma and Mailbox decode. A caller that keeps only
// (key, hash, offset, length) from Scan can compare a whole country in little memory.
//
// # Rows
//
// The separator is "|" and there is no quoting: a quote, alone or doubled, is content. Lines end with LF or CRLF and the last
// one may lack its end; blank lines are skipped. One empty field after a trailing separator is tolerated, in the header and in
// rows. A row with any other number of fields than the header is rejected, never shifted. Text is UTF-8; a row that is not is
// read as Windows-1252 and counted (Stats.Fallback), so that a whole Latin-1 file works, header included. C1 controls (U+0080
// to U+009F, left there by a bad conversion of Windows-1252) become the characters they stood for; other controls become
// spaces. A line longer than Limits.MaxLine is rejected without being held in memory.
//
// Every row needs its key. In the PS files that is the national identifier (IdNatPP): 1 to 12 letters and digits, equal to
// type + identifier, derived from them where the column is empty. In the mailbox file it is the address: one "@", no space.
// A row without a right key is rejected. Rejected rows go to Limits.Rejects with file, line, reason and the row as it was.
// Check digits are not looked at.
//
// # Columns
//
// Columns are found by name, whatever their order, so that the 48, 52 and 56-column eras of Personne_activite all work. Names
// are compared folded (case, accents, apostrophes, composed or not, signs); a few known variants are accepted. Unknown columns
// are ignored and listed in Table.Extra, known columns that the file lacks in Table.Missing. A file is refused if it lacks one of:
//
//   - Personne_activite: Type d'identifiant PP, Identifiant PP, Nom d'exercice, Prénom d'exercice, Code profession, Code catégorie
//     professionnelle, Code type savoir-faire, Code savoir-faire, Code mode exercice, Numéro SIRET site, Numéro FINESS site,
//     Identifiant technique de la structure, Raison sociale site, Bureau cedex, Code postal, Code commune (coord. structure);
//   - SavoirFaire: Type d'identifiant PP, Identifiant PP, Code profession, Code catégorie professionnelle, Code type savoir-faire,
//     Code savoir-faire;
//   - Dipl_AutExerc: Type d'identifiant PP, Identifiant PP, and the codes of diploma type, diploma, authorisation type, discipline;
//   - Correspondance_MSSante: Type de BAL, Adresse BAL, Type Identifiant PP, Identifiant PP, Type identifiant structure,
//     Identification Structure.
//
// These are the columns without which records would be silently wrong: who, what, where. Labels, what is only shown, and what
// came after 2018 (sector, section, role, genre) may be absent.
package extract
