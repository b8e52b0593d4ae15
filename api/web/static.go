package web

// Home is the first page.
type Home struct {
	People, Structures, Boxes int // 0 when not counted yet
}

// Home makes the first page.
func (s *Site) Home(v View, h Home) ([]byte, error) {
	return s.render(v, "home", v.T("Trouver un professionnel de santé", "Find a health professional"), h)
}

// Notice, Access and Terms make the pages of words.
func (s *Site) Notice(v View) ([]byte, error) {
	return s.render(v, "notice", v.T("Mentions d'information", "Notice"), nil)
}

// Access makes the accessibility statement.
func (s *Site) Access(v View) ([]byte, error) {
	return s.render(v, "access", v.T("Accessibilité", "Accessibility"), nil)
}

// Terms makes the terms of reuse.
func (s *Site) Terms(v View) ([]byte, error) {
	return s.render(v, "terms", v.T("Réutiliser les données", "Reuse of the data"), nil)
}

// Problem is what went wrong, and what to do.
type Problem struct {
	Status    int
	Detail    string // in the language of the page
	RequestID string
	Wait      int // seconds; 0 when waiting is no help
}

// Problem makes the page of an error.
func (s *Site) Problem(v View, p Problem) ([]byte, error) {
	title := v.T("Une erreur est survenue", "An error occurred")
	switch p.Status {
	case 400:
		title = v.T("Demande incorrecte", "Bad request")
	case 404:
		title = v.T("Page introuvable", "Page not found")
	case 405:
		title = v.T("Méthode non permise", "Method not allowed")
	case 429:
		title = v.T("Trop de demandes", "Too many requests")
	case 503:
		title = v.T("Service indisponible", "Service unavailable")
	}
	return s.render(v, "problem", title, p)
}
