package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// devKeyFile is the name of the file with the signing key.
const devKeyFile = "dev-issuer.pem"

const pemType = "PRIVATE KEY"

// maxKeyFileBytes is far more than a key needs.
const maxKeyFileBytes = 64 << 10

// openKey loads the key in a directory, or makes it. Of several that make it at once one wins, and all use its key.
func openKey(dir string) (*ecdsa.PrivateKey, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making the directory of the signing key: %w", err)
	}
	path := filepath.Join(dir, devKeyFile)
	key, err := loadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := makeKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("making the signing key: %w", err)
	}
	return loadKey(path)
}

// DevSecretKey gives a key of so many bytes that goes with the signing key in a directory, which is made where it is
// missing.
func DevSecretKey(dir string, bytes int) ([]byte, error) {
	key, err := openKey(dir)
	if err != nil {
		return nil, err
	}
	secret, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, secret, nil, "stackyard: secret key of the development mode", bytes)
}

func loadKey(path string) (*ecdsa.PrivateKey, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the signing key: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the signing key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s can be used by others (mode %04o); make it 0600, or delete it if it was seen", path, info.Mode().Perm())
	}
	content, err := io.ReadAll(io.LimitReader(f, maxKeyFileBytes))
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	key, err := parseKey(content)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged (%w); delete it and a new one is made", path, err)
	}
	return key, nil
}

func parseKey(content []byte) (*ecdsa.PrivateKey, error) {
	block, rest := pem.Decode(content)
	if block == nil || block.Type != pemType || len(rest) > 0 {
		return nil, errors.New("not one private key as PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a key as PKCS #8")
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("not a P-256 key")
	}
	return key, nil
}

// makeKey writes a new key beside its place and links it there, so that no half of it is ever seen and
// none is replaced.
func makeKey(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), devKeyFile+".*") // its mode is 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}
