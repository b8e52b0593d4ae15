package store

import bolt "go.etcd.io/bbolt"

// OpenLedgerReadOnly opens an existing ledger without writing to it; several processes may, as long as none has it open to write.
// Commit then fails. Errors are those of OpenLedger, and os.ErrNotExist.
func OpenLedgerReadOnly(path string) (*Ledger, error) {
	db, err := openBolt(path, shape{format: ledgerFormat}, bolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return &Ledger{db: db}, nil
}

// OpenDirectoryReadOnly opens an existing directory.db without writing to it.
func OpenDirectoryReadOnly(path string) (*Directory, error) {
	db, err := openBolt(path, shape{format: directoryFormat}, bolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return &Directory{db: db}, nil
}
