// Package archtest holds no code of the product: its test enforces the direction in which packages may import each other
// (docs/ARCHITECTURE.md), so that an adapter cannot come to know another one by accident.
package archtest
