package registry

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "15") // each is hundreds of durable writes; the command line can ask for more
	goleak.VerifyTestMain(m)
}
