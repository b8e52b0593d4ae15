// Package browser tests the public page in a real browser: Chromium without a window, driven by chromedp, in front of the program itself
// with made-up people. `make test-web` runs it; without a browser the tests say so and are skipped.
package browser
