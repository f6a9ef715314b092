package catalog

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
)

//go:embed data
var embedded embed.FS

// Load reads the embedded files.
func Load() (*Catalog, error) {
	files, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	return load(files)
}

// Digest identifies the embedded files: it differs whenever a name or a byte of them differs.
// It reads them without understanding them, so that it is cheap enough for every start.
func Digest() string {
	sum, err := digest(embedded)
	if err != nil {
		panic(err) // files that are part of the binary can be read
	}
	return sum
}

func digest(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return addFile(h, files, name)
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// addFile writes a file so that no other names and contents give the same bytes.
func addFile(h hash.Hash, files fs.FS, name string) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(h, "%q %d\n", name, len(content))
	_, _ = h.Write(content)
	return nil
}
