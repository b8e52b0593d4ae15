package api

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
)

// jsonKey is the key under which a struct field is written.
func jsonKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

// keysOf returns the keys of a DTO in their order, which is what `fields` may name.
func keysOf(dto any) []string {
	t := reflect.TypeOf(dto)
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = jsonKey(t.Field(i))
	}
	return keys
}

// projection is a DTO of which only some keys are written, in the order of the DTO.
type projection struct {
	dto  any
	keep []string
}

// project keeps the keys of dto that a client asked for; all of them when it asked for none.
func project(dto any, keep []string) any {
	if len(keep) == 0 {
		return dto
	}
	return projection{dto, keep}
}

// MarshalJSON implements json.Marshaler.
func (p projection) MarshalJSON() ([]byte, error) {
	v := reflect.ValueOf(p.dto)
	buf := bytes.NewBufferString("{")
	for i := range v.NumField() {
		key := jsonKey(v.Type().Field(i))
		if !slices.Contains(p.keep, key) {
			continue
		}
		b, err := encode(v.Field(i).Interface())
		if err != nil {
			return nil, err
		}
		if buf.Len() > 1 {
			buf.WriteByte(',')
		}
		buf.WriteString(`"` + key + `":`)
		buf.Write(bytes.TrimSuffix(b, []byte("\n")))
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}
