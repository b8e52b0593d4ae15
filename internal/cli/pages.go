package cli

import (
	"context"
	"encoding/json"
)

// Each calls fn with every item of a list, page by page: the answer has "items", and in "next" the address of those that follow.
func (s *Server) Each(ctx context.Context, path string, fn func(json.RawMessage) error) error {
	for path != "" {
		var page struct {
			Items []json.RawMessage
			Next  string // null is ""
		}
		if err := s.Get(ctx, path, &page); err != nil {
			return err
		}
		for _, it := range page.Items {
			if err := fn(it); err != nil {
				return err
			}
		}
		path = page.Next
	}
	return nil
}
