package render

import (
	"strings"
	"testing"
)

// Pieces of one line become one text, with the subscript below the line and what
// follows back on it; other texts stay as they are.
func TestJoinPieces(t *testing.T) {
	piece := func(style, place, words string) string {
		return `<text dy="0.35em" text-anchor="middle" style="` + style + `" ` + place + ` transform="translate(5 6)" fill="#111">` + words + "</text>\n"
	}
	big, small := "font: 600 16px Arial", "font-size:12px;font-family:Arial;"
	got := joinPieces("<svg>" + piece(big, `x="-9" y="10"`, "K") + piece(small, `x="1" y="14"`, "M") + piece(big, `x="8" y="10"`, "\u00a0− 1") +
		piece(big, `y="31"`, "next line") + "<path/>" + piece(small, `y="50"`, "alone") + "</svg>")
	for _, want := range []string{
		`<text text-anchor="middle" y="15.6" transform="translate(5 6)" fill="#111" xml:space="preserve"><tspan style="font: 600 16px Arial">K</tspan>` +
			`<tspan style="font-size:12px;font-family:Arial;" dy="2.6">M</tspan><tspan style="font: 600 16px Arial" dy="-2.6">` + "\u00a0− 1</tspan></text>",
		piece(big, `y="31"`, "next line"), piece(small, `y="50"`, "alone"),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "<text"); n != 3 {
		t.Errorf("%d texts: %s", n, got)
	}
	plain := "<svg>" + piece(big, `y="10"`, "a") + piece(big, `y="12"`, "b") + "</svg>"
	if joinPieces(plain) != plain {
		t.Errorf("texts of one size became %s", joinPieces(plain))
	}
}
