package web

import "testing"

func TestTemplatesParse(t *testing.T) { New() }
