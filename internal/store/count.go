package store

// Count returns how many records a table has, without reading them.
func (t Table[T]) Count(tx *Tx) int {
	b := tx.tx.Bucket(t.bucket)
	if b == nil {
		return 0
	}
	return b.Stats().KeyN
}
