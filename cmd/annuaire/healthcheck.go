package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
	"annuaire/internal/config"
)

func healthcheckCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use: "healthcheck", Short: "ask a running server whether it answers searches", Args: cobra.NoArgs,
		RunE: s.with(func(c *cobra.Command, cfg config.Config, _ []string) error {
			at := "http://" + cfg.Listen.HTTP
			switch {
			case cfg.Listen.HTTP != "":
			case cfg.Listen.HTTPS != "":
				at = "https://" + cfg.Listen.HTTPS
			default:
				return cli.Usage(errors.New("healthcheck demande par HTTP : --http ou --https / healthcheck asks over HTTP: --http or --https"))
			}
			client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
				// The certificate is of the name that others ask by, and this is an address. Nothing is sent, and nothing but a status is believed.
				TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
			}}
			res, err := client.Get(at + "/healthz")
			if err != nil {
				return err
			}
			defer res.Body.Close()
			fmt.Fprintln(c.OutOrStdout(), res.Status)
			if res.StatusCode != http.StatusOK {
				return cli.Exit(cli.ExitFailed)
			}
			return nil
		}),
	}
	s.dataFlags(c)
	s.listenFlags(c)
	return c
}
