package web

import "strings"

// tileMap places the départements on a grid, each roughly where it lies, with its neighbours beside it where there is room: a map without
// geometry, on which Paris is as large as the Landes. Drawn by hand.
const tileMap = `
.. .. .. .. .. 59 .. .. .. .. ..
.. .. .. .. 62 80 02 08 .. .. ..
.. 50 14 76 60 95 77 51 55 57 67
29 22 61 27 78 93 75 94 10 54 88 68
56 35 53 28 91 92 89 52 70 90
.. 44 72 41 45 58 21 39 25
.. 49 37 36 18 03 71 01 74
.. 85 79 86 23 63 42 69 73
.. .. 17 16 87 19 43 38 05
.. .. 33 24 15 48 07 26 04
.. .. 40 47 46 12 30 84 06
.. .. 64 32 82 81 34 13 83 .. 2B
.. .. 65 31 09 11 66 .. .. .. 2A
..
971 972 973 974 976 .. 975 977 978
986 987 988 984 989
`

// tile is a département on the grid.
type tile struct {
	Code string
	X, Y int // in tiles
}

var tileGrid = readTiles(tileMap)

func readTiles(text string) (out []tile) {
	y := 0
	for line := range strings.Lines(strings.TrimSpace(text)) {
		for x, code := range strings.Fields(line) {
			if code != ".." {
				out = append(out, tile{code, x, y})
			}
		}
		y++
	}
	return out
}

// shades is how many shades of the map there are; the templates and site.css know them by number.
const shades = 6

// tileView is a département as the map shows it.
type tileView struct {
	Department
	X, Y  int
	Shade int // 0: nobody; else 1 to shades, each with as many départements
}

// Tiles are the départements on the map. Shades are by rank: one département of a million would leave the others white.
func (s State) Tiles() (out []tileView) {
	for _, t := range tileGrid {
		d, ok := s.Departments[t.Code]
		if !ok {
			d = Department{Code: t.Code}
		}
		smaller, all := 0, 0
		for _, o := range s.Departments {
			if o.People > 0 {
				all++
				if o.People < d.People {
					smaller++
				}
			}
		}
		shade := 0
		if d.People > 0 {
			shade = 1 + smaller*shades/max(all, 1)
		}
		out = append(out, tileView{d, t.X, t.Y, shade})
	}
	return out
}

// tileSize is the side of a tile and the gap beside it, in the units of the SVG.
const tileSize = 40
