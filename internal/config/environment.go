package config

import (
	"reflect"
	"strconv"
	"strings"

	"annuaire"
)

// overlay takes the ANNUAIRE_* variables.
func (c *Config) overlay(environ []string) error {
	fields := map[string]reflect.Value{}
	walk(reflect.ValueOf(c).Elem(), "", func(key string, v reflect.Value) {
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct { // [[oidc]], [[operators]]: of the file alone
			return
		}
		fields["ANNUAIRE_"+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = v
	})
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "ANNUAIRE_") || name == "ANNUAIRE_TOKEN" { // whose token commands act with: no setting
			continue
		}
		field, ok := fields[name]
		if !ok {
			return annuaire.Invalid("config", "variable d'environnement inconnue : %s", "unknown environment variable %s", name)
		}
		if err := set(field, value); err != nil {
			return annuaire.Invalid("config", "%s : %q n'est pas une valeur possible", "%s: %q is not a possible value", name, value)
		}
	}
	return nil
}

// set gives a setting a value as written in the environment; lists are separated by commas.
func set(field reflect.Value, value string) (err error) {
	switch field.Kind() {
	case reflect.Int:
		var n int
		n, err = strconv.Atoi(value)
		field.SetInt(int64(n))
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(value)
		field.SetBool(b)
	case reflect.Slice:
		list := []string{}
		for v := range strings.SplitSeq(value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				list = append(list, v)
			}
		}
		field.Set(reflect.ValueOf(list))
	default:
		field.SetString(value)
	}
	return err
}

// keys lists the names of the settings.
func keys() (out []string) {
	var c Config
	walk(reflect.ValueOf(&c).Elem(), "", func(key string, _ reflect.Value) { out = append(out, key) })
	return out
}

func walk(v reflect.Value, prefix string, fn func(key string, v reflect.Value)) {
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("toml")
		if f := v.Field(i); f.Kind() == reflect.Struct {
			walk(f, key+".", fn)
		} else {
			fn(key, f)
		}
	}
}
