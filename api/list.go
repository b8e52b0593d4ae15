package api

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// pageOf is a page of a list; Next is the address of what comes after it, null at the end.
type pageOf[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// sendAll answers with a whole list.
func sendAll[T any](c echo.Context, items []T, err error) error {
	return sendStatus(c, http.StatusOK, struct {
		Items []T `json:"items"`
	}{orEmpty(items)}, err)
}

// listed answers a list, the newest first, from before an item on (parameters before and limit).
func listed[T any](c echo.Context, path string, read func(before string, n int) ([]T, error), id func(T) string) error {
	q, err := parameters(c, "before", "limit")
	if err != nil {
		return err
	}
	limit, err := numberIn(q, "limit", 1, annuaire.MaxLimit, annuaire.DefaultLimit)
	if err != nil {
		return err
	}
	items, err := read(q["before"], limit)
	if err != nil {
		return err
	}
	out := pageOf[T]{Items: orEmpty(items)}
	if len(items) == limit {
		out.Next = opt(path + "?limit=" + strconv.Itoa(limit) + "&before=" + url.QueryEscape(id(items[limit-1])))
	}
	return sendJSON(c, out)
}

// orEmpty is a list that is written as one, of nothing too.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
