package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// playgroundPolicy lets the page reach its own files and this server, and nothing else. Scripts carry it
// too, since a worker obeys the policy that its own file came with.
const playgroundPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed all:playground/dist
var dist embed.FS

//go:embed playground/missing.html
var missingPage []byte

// bundle holds the files of the playground as the front-end build left them.
func bundle() fs.FS {
	files, err := fs.Sub(dist, "playground/dist")
	if err != nil {
		panic(err) // the directory is part of the binary
	}
	return files
}

// contentTypes holds the kinds of files that a bundle consists of; the tables of the machine are not asked,
// because browsers are told not to guess.
var contentTypes = map[string]string{
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".json":  "application/json; charset=utf-8",
	".map":   "application/json; charset=utf-8",
	".md":    "text/markdown; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".ttf":   "font/ttf",
	".woff2": "font/woff2",
	".wasm":  "application/wasm",
}

// The page tells its scripts whether there is a development mode to make use of; as it is built there is none.
const (
	indexName       = "index.html"
	withDevelopment = `<meta name="development" content="yes"`
	noDevelopment   = `<meta name="development" content="no"`
)

// playground serves the files of a bundle to browsers.
type playground struct {
	files fs.FS
	// index is the page.
	index string
	// tags has the ETag of each file that is served.
	tags map[string]string
}

func newPlayground(files fs.FS, isDev bool) *playground {
	p := &playground{files: files, tags: map[string]string{}}
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return nil
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil
		}
		if name == indexName {
			p.index = string(content)
			if isDev {
				p.index = strings.Replace(p.index, noDevelopment, withDevelopment, 1)
			}
			content = []byte(p.index)
		}
		sum := sha256.Sum256(content)
		p.tags[name] = `"` + hex.EncodeToString(sum[:12]) + `"`
		return nil
	})
	return p
}

// note says on start what a person will miss.
func (p *playground) note() string {
	if p.built() {
		return ""
	}
	return "  (not built: make playground)"
}

func (p *playground) built() bool { return p.tags[indexName] != "" }

// ServeHTTP answers with the file of the path, or with the page that is missing its bundle.
func (p *playground) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = indexName
	}
	if name == indexName && !p.built() {
		p.missing(w, r)
		return
	}
	tag, ok := p.tags[name]
	if !ok {
		notFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", playgroundPolicy)
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", caching(name))
	h.Set("ETag", tag)
	if name == indexName {
		http.ServeContent(w, r, name, time.Time{}, strings.NewReader(p.index))
		return
	}
	http.ServeFileFS(w, r, p.files, name)
}

func (p *playground) missing(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", playgroundPolicy)
	h.Set("Content-Type", contentTypes[".html"])
	h.Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(missingPage)
}

func contentType(name string) string {
	if t, ok := contentTypes[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}

// caching is for ever where the name holds a hash of the content, as the build gives all files in assets.
func caching(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}
