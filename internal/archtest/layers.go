package archtest

import (
	"fmt"
	"sort"
	"strings"
)

// A layer holds packages that may import only those of the layers named.
type layer struct {
	name  string
	holds []string // a path, or a path and everything below it when it ends with "/..."
	may   []string // names of layers
}

// layers is the table of internal/veille's doc.go as code. The first line that
// holds a package decides.
var layers = []layer{
	{"wiring", []string{"cmd/...", "internal/demo", "internal/quality", "internal/replay", "internal/sample", "internal/train"}, []string{"doors", "paths", "memory", "adapters", "capabilities", "nouns", "wiring", "tests"}},
	{"tests", []string{"internal/archtest", "internal/measure", "index/indextest", "internal/store/storetest", "internal/publish/publishtest"}, []string{"memory", "adapters", "capabilities", "nouns"}},
	{"nouns", []string{"internal/veille"}, nil},
	{"adapters", []string{"index/opensearch", "internal/publish/manual", "internal/publish/wordpress"}, []string{"capabilities", "nouns"}},
	{"memory", []string{"internal/store", "internal/store/migrations", "crawler"}, []string{"capabilities", "nouns"}},
	{"paths", []string{"internal/engine"}, []string{"capabilities", "nouns"}},
	{"capabilities", []string{"crawler/...", "index/...", "internal/job", "internal/notify", "internal/publish", "internal/digest",
		"internal/goal", "internal/playbook", "internal/mail", "internal/auth", "internal/i18n", "api/webhook"}, []string{"nouns"}},
	{"doors", []string{"api/...", "web/..."}, []string{"paths", "capabilities", "nouns"}},
}

// serves lists the capabilities others may import: the query language and the
// tokens serve their neighbours in index; the index's memory is its own.
var serves = map[string]string{
	"index/query":   "index",
	"index/text":    "index",
	"index/columns": "index",
}

func layerOf(pkg string) (layer, bool) {
	for _, l := range layers {
		for _, h := range l.holds {
			if below, ok := strings.CutSuffix(h, "/..."); ok && (pkg == below || strings.HasPrefix(pkg, below+"/")) || h == pkg {
				return l, true
			}
		}
	}
	return layer{}, false
}

// Violations gives every import that the layers forbid, in words.
func Violations(pkgs map[string]*Package) []string {
	var out []string
	for _, p := range pkgs {
		from, ok := layerOf(p.Path)
		if !ok {
			out = append(out, fmt.Sprintf("%s is in no layer", p.Path))
			continue
		}
		for imp, file := range p.Imports {
			if why := forbidden(p.Path, from, imp); why != "" {
				out = append(out, fmt.Sprintf("%s: %s imports %s: %s", file, p.Path, imp, why))
			}
		}
	}
	sort.Strings(out)
	return out
}

func forbidden(pkg string, from layer, imp string) string {
	to, ours := strings.CutPrefix(imp, module+"/")
	if !ours {
		if from.name == "nouns" && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
			return "the nouns stand on the standard library alone"
		}
		return ""
	}
	layer, ok := layerOf(to)
	if !ok {
		return "it is in no layer"
	}
	if layer.name == from.name {
		return sameLayer(pkg, from.name, to)
	}
	for _, m := range from.may {
		if m == layer.name {
			return ""
		}
	}
	return fmt.Sprintf("%s may not import %s", from.name, layer.name)
}

// sameLayer says why a package may not import another of its own layer.
func sameLayer(pkg, layer, to string) string {
	switch {
	case layer == "wiring", layer == "doors" && room(pkg) == room(to), layer == "memory" && strings.HasPrefix(to, pkg):
		return ""
	case layer == "capabilities" && serves[to] != "" && room(pkg) == serves[to]:
		return ""
	}
	return layer + " never import each other"
}

// room is the first folder of a path: index/query is in index.
func room(pkg string) string { return strings.SplitN(pkg, "/", 2)[0] }
