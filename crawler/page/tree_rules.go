package page

import "golang.org/x/net/html/atom"

// The rules below are those of the HTML standard (13.1.2.4 optional tags,
// 13.2.6 tree construction) that broken pages need to be read as meant.

// void are the elements that hold nothing.
var void = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true, atom.Input: true,
	atom.Link: true, atom.Meta: true, atom.Param: true, atom.Source: true, atom.Track: true, atom.Wbr: true, atom.Keygen: true, atom.Frame: true,
}

// ofHead are the elements that belong to the head when nothing came before.
var ofHead = map[atom.Atom]bool{
	atom.Title: true, atom.Meta: true, atom.Link: true, atom.Base: true, atom.Script: true, atom.Style: true, atom.Noscript: true,
}

// ofTable are the elements that what is in them does not close.
var ofTable = map[atom.Atom]bool{
	atom.Table: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Tr: true, atom.Td: true, atom.Th: true, atom.Caption: true,
}

// holdsBlocks are the elements that are no block but may hold some.
var holdsBlocks = map[atom.Atom]bool{
	atom.A: true, atom.Button: true, atom.Label: true, atom.Center: true, atom.Details: true, atom.Summary: true, atom.Dialog: true, atom.Menu: true,
	atom.Noscript: true, atom.Template: true, atom.Picture: true, atom.Video: true, atom.Audio: true, atom.Object: true, atom.Iframe: true,
	atom.Svg: true, atom.Select: true, atom.Fieldset: true, atom.Hgroup: true, atom.Search: true, atom.Span: true, atom.Ins: true, atom.Del: true,
	atom.Optgroup: true, atom.Title: true, atom.Script: true, atom.Style: true, atom.Textarea: true,
}

// scope are the elements out of which no paragraph is closed.
var scope = []atom.Atom{atom.Table, atom.Td, atom.Th, atom.Caption, atom.Button, atom.Object, atom.Template}

// A closing is what the beginning of an element ends, and out of what it does
// not.
type closing struct{ open, within []atom.Atom }

var (
	ofList  = closing{[]atom.Atom{atom.Li}, []atom.Atom{atom.Ul, atom.Ol, atom.Menu, atom.Table, atom.Td, atom.Th}}
	ofTerms = closing{[]atom.Atom{atom.Dt, atom.Dd}, []atom.Atom{atom.Dl, atom.Table, atom.Td, atom.Th}}
	ofRow   = closing{[]atom.Atom{atom.Td, atom.Th}, []atom.Atom{atom.Tr, atom.Table}}
	ofRows  = closing{[]atom.Atom{atom.Tr}, []atom.Atom{atom.Table}}
	ofBody  = closing{[]atom.Atom{atom.Thead, atom.Tbody, atom.Tfoot, atom.Caption}, []atom.Atom{atom.Table}}
	closes  = map[atom.Atom]closing{
		atom.Li: ofList, atom.Dt: ofTerms, atom.Dd: ofTerms, atom.Td: ofRow, atom.Th: ofRow, atom.Tr: ofRows,
		atom.Tbody: ofBody, atom.Thead: ofBody, atom.Tfoot: ofBody,
		atom.Option: {[]atom.Atom{atom.Option}, []atom.Atom{atom.Select, atom.Datalist}},
	}
)

// closesParagraph are the elements that a paragraph cannot hold.
var closesParagraph = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Blockquote: true,
	atom.Pre: true, atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Table: true, atom.Section: true, atom.Article: true, atom.Figure: true,
	atom.Header: true, atom.Footer: true, atom.Hr: true, atom.Main: true, atom.Aside: true, atom.Address: true, atom.Form: true, atom.Nav: true,
	atom.Li: true, atom.Dt: true, atom.Dd: true, atom.Center: true, atom.Details: true, atom.Fieldset: true, atom.Menu: true, atom.Dialog: true,
}
