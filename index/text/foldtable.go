package text

// latin holds the folded form of the letters from U+00C0 to U+024F: the NFKD
// decomposition in lower case without its marks, and œ æ ß ø ł þ ð spelled out.
var latin = [...]string{
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", // U+00C0
	"d", "n", "o", "o", "o", "o", "o", "×", "o", "u", "u", "u", "u", "y", "th", "ss", // U+00D0
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", // U+00E0
	"d", "n", "o", "o", "o", "o", "o", "÷", "o", "u", "u", "u", "u", "y", "th", "y", // U+00F0
	"a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d", // U+0100
	"d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g", // U+0110
	"g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i", // U+0120
	"i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l", // U+0130
	"l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o", // U+0140
	"o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s", // U+0150
	"s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u", // U+0160
	"u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s", // U+0170
	"ƀ", "ɓ", "ƃ", "ƃ", "ƅ", "ƅ", "ɔ", "ƈ", "ƈ", "ɖ", "ɗ", "ƌ", "ƌ", "ƍ", "ǝ", "ə", // U+0180
	"ɛ", "ƒ", "ƒ", "ɠ", "ɣ", "ƕ", "ɩ", "ɨ", "ƙ", "ƙ", "ƚ", "ƛ", "ɯ", "ɲ", "ƞ", "ɵ", // U+0190
	"o", "o", "ƣ", "ƣ", "ƥ", "ƥ", "ʀ", "ƨ", "ƨ", "ʃ", "ƪ", "ƫ", "ƭ", "ƭ", "ʈ", "u", // U+01A0
	"u", "ʊ", "ʋ", "ƴ", "ƴ", "ƶ", "ƶ", "ʒ", "ƹ", "ƹ", "ƺ", "ƻ", "ƽ", "ƽ", "ƾ", "ƿ", // U+01B0
	"ǀ", "ǁ", "ǂ", "ǃ", "dz", "dz", "dz", "lj", "lj", "lj", "nj", "nj", "nj", "a", "a", "i", // U+01C0
	"i", "o", "o", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "ǝ", "a", "a", // U+01D0
	"a", "a", "ae", "ae", "ǥ", "ǥ", "g", "g", "k", "k", "o", "o", "o", "o", "ʒ", "ʒ", // U+01E0
	"j", "dz", "dz", "dz", "g", "g", "ƕ", "ƿ", "n", "n", "a", "a", "ae", "ae", "o", "o", // U+01F0
	"a", "a", "a", "a", "e", "e", "e", "e", "i", "i", "i", "i", "o", "o", "o", "o", // U+0200
	"r", "r", "r", "r", "u", "u", "u", "u", "s", "s", "t", "t", "ȝ", "ȝ", "h", "h", // U+0210
	"ƞ", "ȡ", "ȣ", "ȣ", "ȥ", "ȥ", "a", "a", "e", "e", "o", "o", "o", "o", "o", "o", // U+0220
	"o", "o", "y", "y", "ȴ", "ȵ", "ȶ", "ȷ", "ȸ", "ȹ", "ⱥ", "ȼ", "ȼ", "ƚ", "ⱦ", "ȿ", // U+0230
	"ɀ", "ɂ", "ɂ", "ƀ", "ʉ", "ʌ", "ɇ", "ɇ", "ɉ", "ɉ", "ɋ", "ɋ", "ɍ", "ɍ", "ɏ", "ɏ", // U+0240
}

const (
	latinFirst = 0x00C0
	latinLast  = 0x024F
)

// The kinds of an ASCII byte.
const (
	wordByte  = 1 << iota // a letter or a digit
	upperByte             // a capital
	digitByte
)

// ascii holds the kinds of each ASCII byte.
var ascii = [256]uint8{
	'0': wordByte | digitByte,
	'1': wordByte | digitByte,
	'2': wordByte | digitByte,
	'3': wordByte | digitByte,
	'4': wordByte | digitByte,
	'5': wordByte | digitByte,
	'6': wordByte | digitByte,
	'7': wordByte | digitByte,
	'8': wordByte | digitByte,
	'9': wordByte | digitByte,
	'A': wordByte | upperByte,
	'B': wordByte | upperByte,
	'C': wordByte | upperByte,
	'D': wordByte | upperByte,
	'E': wordByte | upperByte,
	'F': wordByte | upperByte,
	'G': wordByte | upperByte,
	'H': wordByte | upperByte,
	'I': wordByte | upperByte,
	'J': wordByte | upperByte,
	'K': wordByte | upperByte,
	'L': wordByte | upperByte,
	'M': wordByte | upperByte,
	'N': wordByte | upperByte,
	'O': wordByte | upperByte,
	'P': wordByte | upperByte,
	'Q': wordByte | upperByte,
	'R': wordByte | upperByte,
	'S': wordByte | upperByte,
	'T': wordByte | upperByte,
	'U': wordByte | upperByte,
	'V': wordByte | upperByte,
	'W': wordByte | upperByte,
	'X': wordByte | upperByte,
	'Y': wordByte | upperByte,
	'Z': wordByte | upperByte,
	'a': wordByte,
	'b': wordByte,
	'c': wordByte,
	'd': wordByte,
	'e': wordByte,
	'f': wordByte,
	'g': wordByte,
	'h': wordByte,
	'i': wordByte,
	'j': wordByte,
	'k': wordByte,
	'l': wordByte,
	'm': wordByte,
	'n': wordByte,
	'o': wordByte,
	'p': wordByte,
	'q': wordByte,
	'r': wordByte,
	's': wordByte,
	't': wordByte,
	'u': wordByte,
	'v': wordByte,
	'w': wordByte,
	'x': wordByte,
	'y': wordByte,
	'z': wordByte,
}
