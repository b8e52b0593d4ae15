package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

// maxMetadata bounds the description of a data set, in bytes; real ones take some 30 KiB.
const maxMetadata = 4 << 20

// dataset is what we read of a data set of data.gouv.fr (API v1, /datasets/{id}).
type dataset struct {
	Resources []struct {
		ID       string `json:"id"`
		URL      string `json:"url"`
		Checksum *struct {
			Type  string `json:"type"`
			Value string `json:"value"`
		} `json:"checksum"`
		Extras map[string]any `json:"extras"`
	} `json:"resources"`
}

// checksums gives versions the SHA-1 that the metadata of the source state for exactly them. The metadata may lag behind the files
// (they are then of another address or length, and say nothing); failing to get them is no failure of the source.
func (c *Client) checksums(ctx context.Context, s Source, versions []Version) {
	for _, raw := range s.Metadata {
		set, err := c.dataset(ctx, raw)
		if err != nil {
			c.o.Log.Info("no published checksum", "source", s.Name, "cause", err.Error())
			continue
		}
		for i := range versions {
			if sum := set.sumOf(versions[i]); sum != "" {
				versions[i].SHA1 = sum
			}
		}
	}
}

func (c *Client) dataset(ctx context.Context, raw string) (set dataset, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Stall)
	defer cancel()
	res, err := c.do(ctx, http.MethodGet, raw, nil)
	if err != nil {
		return set, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return set, statusFault(res, time.Now())
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxMetadata)).Decode(&set); err != nil {
		return set, fmt.Errorf("metadata: %w", err)
	}
	return set, nil
}

// sumOf returns the checksum that the data set states for a version, "" for none. The one computed at the deposit is that of the file at
// the resource's address; the one of the later analysis counts only where the length it saw is that of the version.
func (d dataset) sumOf(v Version) string {
	for _, r := range d.Resources {
		if r.ID == "" || r.ID != path.Base(v.URL) || r.URL != v.Final {
			continue
		}
		if r.Checksum != nil && strings.EqualFold(r.Checksum.Type, "sha1") {
			return strings.ToLower(r.Checksum.Value)
		}
		sum, _ := r.Extras["analysis:checksum"].(string)
		length, _ := r.Extras["analysis:content-length"].(float64)
		if len(sum) == 40 && int64(length) == v.Length {
			return strings.ToLower(sum)
		}
	}
	return ""
}
