package ldapd

// prepare sets up what controls ask for: pages and order. Pages that are sorted would need the whole order to be kept between them: the
// order gives way.
func (f *searcher) prepare(ctl controls) result {
	if ctl.paged != nil {
		pg, r := f.pages(ctl.paged)
		if r.code != success {
			return r
		}
		if f.page = pg; pg != nil {
			f.max = pg.size
			if f.q.size > 0 {
				f.max = min(f.max, f.q.size-pg.from.sent)
			}
		}
	}
	if ctl.sort == nil {
		return result{}
	}
	f.order = newSorter(ctl.sort)
	if f.page != nil && f.order.code == success {
		f.order.code = unwillingToPerform
	}
	switch {
	case f.order.code == success:
		f.sorter = f.order
	case ctl.sort.critical: // RFC 2891, 2: nothing is returned
		return say(unavailableCriticalExtension, "ce tri n'est pas possible", "this order is not possible")
	}
	return result{}
}

// controls are those of the answer.
func (f *searcher) controls(r result) (out []responseControl) {
	if f.page != nil {
		if r.code != success {
			f.page.more = false
		}
		out = append(out, f.page.control(f.s, f.found))
	}
	if f.order != nil {
		out = append(out, f.order.control())
	}
	return out
}
