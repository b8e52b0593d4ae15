package extract

// Limits bounds what a file may ask of us and says where rejected rows and progress go. The zero value is the defaults.
type Limits struct {
	MaxLine  int                           // bytes of a row, without its end; 0 is 1 MiB; at most 1 GiB
	MaxFile  int64                         // bytes of a ZIP member, declared and actual; 0 is 8 GiB (the largest real one is about 1 GB)
	MaxRatio int64                         // compression ratio above which a member is a bomb; 0 is 100 (real ones are near 5)
	Rejects  RejectSink                    // nil: rejected rows are only counted
	Progress func(done, total, rows int64) // bytes scanned, and the lines in them; called now and then, never by two goroutines at once
}

func (l Limits) withDefaults() Limits {
	if l.MaxLine <= 0 {
		l.MaxLine = 1 << 20
	}
	l.MaxLine = min(l.MaxLine, 1<<30) // places within a row are 32-bit
	if l.MaxFile <= 0 {
		l.MaxFile = 8 << 30
	}
	if l.MaxRatio <= 0 {
		l.MaxRatio = 100
	}
	return l
}
