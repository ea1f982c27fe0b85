package feed

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A python evaluates the expressions feedparser's files expect to be true: the
// few forms they use, over values that are nil, bool, float64, string, []any
// and map[string]any.
type python struct {
	toks  []string
	pos   int
	names map[string]any
	same  func(path string, got, want any) bool // judges an == with a text
	path  string                                // of the value being read
	paths []string                              // all that were read
}

var errPython = errors.New("not an expression we read")

// evaluate gives whether the expression is true.
func (p *python) evaluate(s string) (ok bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			ok, err = false, fmt.Errorf("%w: %v", errPython, r)
		}
	}()
	if p.toks, err = lexPython(s); err != nil {
		return false, err
	}
	p.pos, p.paths = 0, nil
	v := p.or()
	if p.pos < len(p.toks) {
		return false, fmt.Errorf("%w: %q left", errPython, p.toks[p.pos:])
	}
	return truth(v), nil
}

func lexPython(s string) (out []string, err error) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t':
			i++
		case (c == 'u' || c == 'b' || c == 'r') && i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '"'):
			i++
		case strings.HasPrefix(s[i:], `"""`) || strings.HasPrefix(s[i:], "'''"):
			n := strings.Index(s[i+3:], s[i:i+3])
			if n < 0 {
				return nil, fmt.Errorf("%w: text without an end", errPython)
			}
			out = append(out, "'"+s[i+3:i+3+n])
			i += n + 6
		case c == '\'' || c == '"':
			text, n, err := pythonText(s[i:])
			if err != nil {
				return nil, err
			}
			out = append(out, "'"+text)
			i += n
		case unicode.IsLetter(rune(c)) || c == '_' || unicode.IsDigit(rune(c)):
			j := i
			for j < len(s) && (unicode.IsLetter(rune(s[j])) || unicode.IsDigit(rune(s[j])) || s[j] == '_' || s[j] == '.' && unicode.IsDigit(rune(c))) {
				j++
			}
			out = append(out, s[i:j])
			i = j
		case strings.HasPrefix(s[i:], "==") || strings.HasPrefix(s[i:], "!=") || strings.HasPrefix(s[i:], ">=") || strings.HasPrefix(s[i:], "<="):
			out = append(out, s[i:i+2])
			i += 2
		default:
			out = append(out, s[i:i+1])
			i++
		}
	}
	return out, nil
}

// pythonText reads a literal of text and how many bytes it takes.
func pythonText(s string) (string, int, error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return b.String(), i + 1, nil
		case s[i] != '\\' || i+1 == len(s):
			b.WriteByte(s[i])
		default:
			i++
			digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[i]]
			if n, err := strconv.ParseInt(s[min(i+1, len(s)):min(i+1+digits, len(s))], 16, 32); digits > 0 && err == nil {
				b.WriteRune(rune(n))
				i += digits
				continue
			}
			if r, ok := map[byte]string{'n': "\n", 't': "\t", 'r': "\r"}[s[i]]; ok {
				b.WriteString(r)
			} else {
				b.WriteByte(s[i])
			}
		}
	}
	return "", 0, fmt.Errorf("%w: text without an end", errPython)
}

func (p *python) peek() string {
	if p.pos < len(p.toks) {
		return p.toks[p.pos]
	}
	return ""
}

func (p *python) take(want string) bool {
	if p.peek() != want {
		return false
	}
	p.pos++
	return true
}

func (p *python) or() any {
	v := p.and()
	for p.take("or") {
		w := p.and()
		if !truth(v) {
			v = w
		}
	}
	return v
}

func (p *python) and() any {
	v := p.not()
	for p.take("and") {
		w := p.not()
		if truth(v) {
			v = w
		}
	}
	return v
}

func (p *python) not() any {
	if p.take("not") {
		return !truth(p.not())
	}
	return p.comparison()
}

func (p *python) comparison() any {
	v := p.sum()
	path := p.path
	for held := any(nil); ; {
		op := p.peek()
		switch op {
		case "==", "!=", ">", "<", ">=", "<=", "in", "is", "not":
			p.pos++
		default:
			if held != nil {
				return held
			}
			return v
		}
		if op == "is" && p.take("not") {
			op = "!="
		}
		if op == "not" {
			op = "not in"
			p.take("in")
		}
		w := p.sum()
		ok := p.compare(op, path, v, w)
		if held == nil || truth(held) {
			held = ok
		}
		v, path = w, p.path
	}
}

func (p *python) compare(op, path string, v, w any) bool {
	switch op {
	case "==", "is":
		return p.same(path, v, w)
	case "!=":
		return !p.same(path, v, w)
	case "not in":
		return !p.compare("in", path, v, w)
	case "in":
		switch in := w.(type) {
		case missing:
			return false
		case map[string]any:
			_, ok := in[v.(string)]
			return ok
		case string:
			return strings.Contains(in, v.(string))
		case []any:
			for _, x := range in {
				if p.same("", x, v) {
					return true
				}
			}
			return false
		}
	case ">", ">=":
		return v.(float64) > w.(float64) || op == ">=" && v == w
	case "<", "<=":
		return v.(float64) < w.(float64) || op == "<=" && v == w
	}
	panic("cannot compare " + op)
}

// sum reads texts put end to end.
func (p *python) sum() any {
	v := p.primary()
	for p.take("+") {
		v = v.(string) + p.primary().(string)
	}
	return v
}

// primary reads a value and all that follows it: .name, [key], (arguments).
func (p *python) primary() any {
	p.path = ""
	v := p.atom()
	for {
		switch {
		case p.take("."):
			v = p.member(v, p.peek())
			p.pos++
		case p.take("["):
			path := p.path
			key := p.or()
			p.path = path
			if !p.take("]") {
				panic("[ without ]")
			}
			v = p.member(v, key)
		case p.take("("):
			path := p.path
			var args []any
			for !p.take(")") {
				args = append(args, p.or())
				p.take(",")
			}
			p.path = path
			v = call(v, args)
		default:
			if p.path != "" {
				p.paths = append(p.paths, p.path)
			}
			return v
		}
	}
}

// missing marks what is not there.
type missing struct{ path string }

// A bound is a method of a value.
type bound struct {
	of   any
	name string
}

func (p *python) member(v, key any) any {
	p.path += fmt.Sprintf(".%v", key)
	switch of := v.(type) {
	case map[string]any:
		k, ok := key.(string)
		if !ok {
			break
		}
		if x, ok := of[k]; ok {
			return x
		}
		if k == "get" || k == "has_key" || k == "keys" {
			return bound{v, k}
		}
		return missing{p.path}
	case []any:
		if n, ok := key.(float64); ok && int(n) < len(of) && n >= 0 {
			return of[int(n)]
		}
		return missing{p.path}
	case string:
		if k, ok := key.(string); ok {
			return bound{v, k}
		}
		if n, ok := key.(float64); ok && int(n) < len(of) {
			return of[int(n) : int(n)+1]
		}
	case missing:
		return missing{p.path}
	}
	return missing{p.path}
}

func call(f any, args []any) any {
	switch fn := f.(type) {
	case func(any) any:
		return fn(args[0])
	case missing:
		return fn
	case bound:
		switch of := fn.of.(type) {
		case map[string]any:
			if fn.name == "keys" {
				var out []any
				for k := range of {
					out = append(out, k)
				}
				return out
			}
			x, ok := of[args[0].(string)]
			if fn.name == "has_key" {
				return ok
			}
			if !ok && len(args) > 1 {
				return args[1]
			}
			return x
		case string:
			switch fn.name {
			case "startswith":
				return strings.HasPrefix(of, args[0].(string))
			case "endswith":
				return strings.HasSuffix(of, args[0].(string))
			case "strip":
				return strings.TrimSpace(of)
			}
		}
	}
	panic("not a function")
}

func (p *python) atom() any {
	t := p.peek()
	p.pos++
	switch {
	case t == "":
		panic("the expression ends early")
	case t[0] == '\'':
		return t[1:]
	case t == "(" || t == "[":
		return p.list(map[string]string{"(": ")", "[": "]"}[t])
	case t == "{":
		out := map[string]any{}
		for !p.take("}") {
			k := p.or().(string)
			p.take(":")
			out[k] = p.or()
			p.take(",")
		}
		return out
	case t == "-":
		return -p.atom().(float64)
	case unicode.IsDigit(rune(t[0])):
		n, err := strconv.ParseFloat(t, 64)
		if err != nil {
			panic(err)
		}
		return n
	}
	switch t {
	case "None":
		return nil
	case "True":
		return true
	case "False":
		return false
	case "len":
		return func(v any) any {
			switch of := v.(type) {
			case string:
				return float64(len([]rune(of)))
			case []any:
				return float64(len(of))
			case map[string]any:
				return float64(len(of))
			}
			return missing{}
		}
	}
	v, ok := p.names[t]
	if !ok {
		panic("no name " + t)
	}
	p.path = t
	return v
}

// list reads a list or a tuple; one value in parentheses is itself.
func (p *python) list(end string) any {
	var out []any
	comma := false
	for !p.take(end) {
		out = append(out, p.or())
		if p.take(",") {
			comma = true
		} else if p.peek() != end {
			panic("no " + end)
		}
	}
	if end == ")" && !comma && len(out) == 1 {
		return out[0]
	}
	return out
}

func truth(v any) bool {
	switch v := v.(type) {
	case nil, missing:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}
