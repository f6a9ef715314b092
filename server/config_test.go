package main

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// aSecretKey is a key for secrets, with an older one.
const aSecretKey = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNkZWZnaGlqYWI="

// configured is the configuration that the program arrives at, seen by the back-end that it opens.
func configured(t *testing.T, environment map[string]string, args ...string) (Config, error) {
	t.Helper()
	standIn := newStandIn()
	standIn.openError = errors.New("seen")
	var seen Config
	err := runWith(t.Context(), args, func(name string) string { return environment[name] }, &buffer{},
		standIn.watching(&seen))
	if err == nil || !errors.Is(err, standIn.openError) {
		return seen, err
	}
	return seen, nil
}

func TestDefaults(t *testing.T) {
	got, err := configured(t, nil, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Listen: "127.0.0.1:0", PublicURL: got.PublicURL, DataDir: "./data", // the port is any
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, RequestTimeout: 15 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, ShutdownGrace: 10 * time.Second,
		JWKSMaxStale: 24 * time.Hour, MaxStreams: 10_000, MaxAnonymousStreams: 50, MaxOperationsPerSocket: 50, WSInitTimeout: 5 * time.Second,
		StreamWriteTimeout: 10 * time.Second, StreamKeepAlive: 20 * time.Second, ChangesKeep: 90 * 24 * time.Hour,
		MaxBodyBytes: 1 << 20, MaxHeaderBytes: 64 << 10, MaxDocumentTokens: 2000,
		QueryCacheEntries: 1000, MaxCachedDocumentBytes: 16 << 10, MaxSearchLength: 200, MaxFilterValues: 100,
		MaxOrganizations: 20, MaxInvitations: 50, InvitationTTL: 336 * time.Hour, MaxProjects: 5000, MaxStackComponents: 1000,
		MaxWebhooks: 10, Webhook: webhookConfig{Timeout: 10 * time.Second, KeepTrying: 24 * time.Hour, Deliveries: 16},
		MaxUploads: 4, MaxSBOMBytes: 20 << 20, MaxSBOMComponents: 20_000, MaxSBOMDepth: 32,
		Sync:                 syncConfig{Interval: 24 * time.Hour, syncLimits: syncLimits{Timeout: 10 * time.Minute, MaxBytes: 256 << 20, MaxUnpackedBytes: 4 << 30, MaxRecordBytes: 4 << 20}},
		MaxCheckedComponents: 200, MaxComparedTechnologies: 6, MaxMustUse: 20, MaxRecommendationSteps: 5_000_000, MaxCalendarTechnologies: 50,
		LogFormat: "text", LogLevel: "info",
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.database() != "sqlite:data/stackyard.db" {
		t.Errorf("database %s", got.database())
	}
}

func TestEverySettingCanComeFromTheEnvironment(t *testing.T) {
	dir, issuers := t.TempDir(), issuersFile(t, "http://127.0.0.1:1/keys")
	environment := map[string]string{
		"STACKYARD_LISTEN": "localhost:0", "STACKYARD_DATABASE": "sqlite:x.db", "STACKYARD_DATA_DIR": dir, "STACKYARD_DEV": "true",
		"STACKYARD_ISSUERS": issuers, "STACKYARD_JWKS_MAX_STALE": "14s", "STACKYARD_MAX_STREAMS": "15", "STACKYARD_MAX_ANONYMOUS_STREAMS": "28",
		"STACKYARD_MAX_OPERATIONS_PER_SOCKET": "16", "STACKYARD_WS_INIT_TIMEOUT": "17s", "STACKYARD_STREAM_WRITE_TIMEOUT": "18s",
		"STACKYARD_STREAM_KEEP_ALIVE": "19s", "STACKYARD_CHANGES_KEEP": "20h",
		"STACKYARD_READ_HEADER_TIMEOUT": "1s", "STACKYARD_READ_TIMEOUT": "2s", "STACKYARD_REQUEST_TIMEOUT": "3s",
		"STACKYARD_WRITE_TIMEOUT": "4s", "STACKYARD_IDLE_TIMEOUT": "5s", "STACKYARD_SHUTDOWN_GRACE": "6s",
		"STACKYARD_MAX_BODY_BYTES": "7", "STACKYARD_MAX_HEADER_BYTES": "8", "STACKYARD_MAX_DOCUMENT_TOKENS": "9",
		"STACKYARD_QUERY_CACHE_ENTRIES": "10", "STACKYARD_MAX_CACHED_DOCUMENT_BYTES": "11", "STACKYARD_MAX_SEARCH_LENGTH": "12",
		"STACKYARD_MAX_FILTER_VALUES": "13", "STACKYARD_MAX_ORGANIZATIONS": "21", "STACKYARD_MAX_INVITATIONS": "22",
		"STACKYARD_INVITATION_TTL": "23h", "STACKYARD_MAX_PROJECTS": "24", "STACKYARD_MAX_STACK_COMPONENTS": "25",
		"STACKYARD_MAX_READERS": "26", "STACKYARD_MAX_WRITERS": "27",
		"STACKYARD_MAX_CHECKED_COMPONENTS": "28", "STACKYARD_MAX_COMPARED_TECHNOLOGIES": "29",
		"STACKYARD_MAX_UPLOADS": "30", "STACKYARD_MAX_SBOM_BYTES": "31", "STACKYARD_MAX_SBOM_COMPONENTS": "32", "STACKYARD_MAX_SBOM_DEPTH": "33",
		"STACKYARD_SYNC_ENDOFLIFE_URL": "http://h/e", "STACKYARD_SYNC_OSV_URL": "https://h/o", "STACKYARD_SYNC_INTERVAL": "30h", "STACKYARD_SYNC_TIMEOUT": "31s",
		"STACKYARD_SYNC_MAX_BYTES": "32", "STACKYARD_SYNC_MAX_UNPACKED_BYTES": "33", "STACKYARD_SYNC_MAX_RECORD_BYTES": "34",
		"STACKYARD_MAX_MUST_USE": "35", "STACKYARD_MAX_RECOMMENDATION_STEPS": "36", "STACKYARD_MAX_CALENDAR_TECHNOLOGIES": "37", "STACKYARD_PUBLIC_URL": "https://h",
		"STACKYARD_SECRET_KEY": aSecretKey, "STACKYARD_MAX_WEBHOOKS": "37", "STACKYARD_WEBHOOK_ALLOW_PRIVATE": "true",
		"STACKYARD_WEBHOOK_TIMEOUT": "38s", "STACKYARD_WEBHOOK_KEEP_TRYING": "19h", "STACKYARD_WEBHOOK_DELIVERIES": "40",
		"STACKYARD_LOG_FORMAT": "json", "STACKYARD_LOG_LEVEL": "warn",
	}
	got, err := configured(t, environment)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Listen: "localhost:0", Database: "sqlite:x.db", DataDir: dir, Dev: true,
		Issuers: issuers, JWKSMaxStale: 14 * time.Second, MaxStreams: 15, MaxAnonymousStreams: 28, MaxOperationsPerSocket: 16, WSInitTimeout: 17 * time.Second,
		StreamWriteTimeout: 18 * time.Second, StreamKeepAlive: 19 * time.Second, ChangesKeep: 20 * time.Hour,
		ReadHeaderTimeout: time.Second, ReadTimeout: 2 * time.Second, RequestTimeout: 3 * time.Second,
		WriteTimeout: 4 * time.Second, IdleTimeout: 5 * time.Second, ShutdownGrace: 6 * time.Second,
		MaxBodyBytes: 7, MaxHeaderBytes: 8, MaxDocumentTokens: 9, QueryCacheEntries: 10, MaxCachedDocumentBytes: 11,
		MaxSearchLength: 12, MaxFilterValues: 13, MaxOrganizations: 21, MaxInvitations: 22,
		InvitationTTL: 23 * time.Hour, MaxProjects: 24, MaxStackComponents: 25,
		MaxReaders: 26, MaxWriters: 27,
		SecretKey: aSecretKey, MaxWebhooks: 37,
		Webhook:    webhookConfig{AllowPrivate: true, Timeout: 38 * time.Second, KeepTrying: 19 * time.Hour, Deliveries: 40},
		MaxUploads: 30, MaxSBOMBytes: 31, MaxSBOMComponents: 32, MaxSBOMDepth: 33,
		Sync: syncConfig{
			EndoflifeURL: "http://h/e", OSVURL: "https://h/o", Interval: 30 * time.Hour,
			syncLimits: syncLimits{Timeout: 31 * time.Second, MaxBytes: 32, MaxUnpackedBytes: 33, MaxRecordBytes: 34},
		},
		MaxCheckedComponents: 28, MaxComparedTechnologies: 29, MaxMustUse: 35, MaxRecommendationSteps: 36, MaxCalendarTechnologies: 37, PublicURL: "https://h", LogFormat: "json", LogLevel: "warn",
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	environment := map[string]string{"STACKYARD_LISTEN": "127.0.0.1:0", "STACKYARD_DATA_DIR": "environment", "STACKYARD_MAX_BODY_BYTES": "5"}
	got, err := configured(t, environment, "serve", "--data-dir", "flag")
	if err != nil {
		t.Fatal(err)
	}
	if got.DataDir != "flag" || got.MaxBodyBytes != 5 {
		t.Errorf("data-dir %s, max-body-bytes %d", got.DataDir, got.MaxBodyBytes)
	}
}

func TestAllFaultsAreListedTogether(t *testing.T) {
	_, err := configured(t, map[string]string{"STACKYARD_MAX_FILTER_VALUES": "-1"},
		"--listen", "nonsense", "--database", "mysql://user:secret@host/db", "--data-dir", "",
		"--read-timeout", "0s", "--max-body-bytes", "0", "--write-timeout", "1s", "--log-format", "xml", "--log-level", "loud",
		"--sync-interval", "1s", "--sync-osv-url", "ftp://h/x", "--sync-endoflife-url", "https://user:secret@h/", "--sync-max-record-bytes", "0",
		"--public-url", "h", "--max-calendar-technologies", "0", "--max-streams", "0", "--stream-keep-alive", "0s", "--changes-keep", "59m", "--max-readers=-1", "--max-writers=-1",
		"--secret-key", "hunter2", "--max-webhooks", "0", "--webhook-timeout", "0s", "--webhook-keep-trying=-1s", "--webhook-deliveries", "0")
	if err == nil {
		t.Fatal("it was accepted")
	}
	want := []string{
		`listen: "nonsense" is not HOST:PORT`,
		`public-url: "h" is no address such as https://stackyard.example.org`,
		`database: scheme "mysql" is neither sqlite nor postgres`,
		"data-dir: is empty",
		"read-timeout: must be more than 0",
		"max-streams: must be more than 0",
		"stream-keep-alive: must be more than 0",
		"max-body-bytes: must be more than 0",
		"max-filter-values: must be more than 0",
		"max-webhooks: must be more than 0",
		"max-calendar-technologies: must be more than 0",
		"max-readers: must not be less than 0",
		"max-writers: must not be less than 0",
		"write-timeout: must be longer than request-timeout (15s)",
		"changes-keep: must be 1h at least",
		"secret-key: is not 32 bytes in base64, or several such keys with commas between them (openssl rand -base64 32 makes one)",
		"sync-max-record-bytes: must be more than 0",
		"sync-interval: must be 1m0s at least",
		"sync-endoflife-url: has credentials in it, which would be logged",
		"sync-osv-url: is neither http nor https",
		"webhook-timeout: must be more than 0",
		"webhook-keep-trying: must be more than 0",
		"webhook-deliveries: must be more than 0",
		`log-format: "xml" is neither text nor json`,
		`log-level: "loud" is none of debug, info, warn and error`,
	}
	if got := err.Error(); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if exitCode(err) != exitUsage {
		t.Errorf("exit code %d", exitCode(err))
	}
}

// issuersFile is a file that trusts one issuer, whose keys are at the address.
func issuersFile(t *testing.T, jwks string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "issuers.yaml")
	content := "issuers:\n  - issuer: https://id.example.com\n    audiences: [stackyard]\n    jwks: " + jwks + "\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileOfIssuersThatIsWrongIsAUsageError(t *testing.T) {
	for path, says := range map[string]string{
		filepath.Join(t.TempDir(), "none.yaml"):        "no such file",
		issuersFile(t, "http://keys.example.com/keys"): "https",
	} {
		_, err := configured(t, nil, "--listen", "127.0.0.1:0", "--issuers", path)
		if err == nil || !strings.HasPrefix(err.Error(), "issuers: ") || !strings.Contains(err.Error(), says) || exitCode(err) != exitUsage {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestListenAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:0": true, ":8080": true, "[::1]:80": true, "example.com:65535": true,
		"": false, "8080": false, "127.0.0.1": false, "127.0.0.1:": false, "127.0.0.1:http": false, "127.0.0.1:65536": false, "::1:80": false,
	} {
		if err := checkListen(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestDatabases(t *testing.T) {
	for database, ok := range map[string]bool{
		"": true, "sqlite:a.db": true, "sqlite:/a/b.db": true, "postgres://localhost/x": true, "postgresql://u:p@h:1/x?sslmode=disable": true,
		"sqlite:": false, "a.db": false, "mysql://secret@h/x": false, "postgres:secret": false, "postgres://u:secret@h:port/x": false,
	} {
		err := checkDatabase(database)
		if (err == nil) != ok {
			t.Errorf("%q: %v", database, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the password is repeated: %v", database, err)
		}
	}
}

func TestDatabaseNameHidesThePassword(t *testing.T) {
	got := Config{Database: "postgres://user:secret@host:5432/db?password=secret"}.databaseName()
	if got != "postgres://user:xxxxx@host:5432/db" {
		t.Error(got)
	}
}

func TestDevelopmentModeIsForLoopbackOnly(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:0": true, "127.8.8.8:0": true, "[::1]:0": true, "localhost:0": true,
		":0": false, "0.0.0.0:0": false, "[::]:0": false, "192.0.2.1:0": false, "localhost.example.com:0": false,
	} {
		if got := isLoopback(address); got != ok {
			t.Errorf("%s: %v", address, got)
		}
	}
	_, err := configured(t, nil, "--dev", "--listen", "0.0.0.0:0")
	if err == nil || !strings.Contains(err.Error(), `dev: is for loopback addresses only, and "0.0.0.0:0" is none`) {
		t.Errorf("got %v", err)
	}
}

func TestUnknownFlagsAndValuesAreUsageErrors(t *testing.T) {
	for _, args := range [][]string{{"--unknown"}, {"dance"}, {"--read-timeout", "soon"}, {"--max-body-bytes", "many"}} {
		_, err := configured(t, nil, args...)
		if exitCode(err) != exitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for command, want := range map[string]string{"serve --help": "$STACKYARD_MAX_BODY_BYTES", "--help": "serve", "version": "stackyard "} {
		out := &buffer{}
		none := func(string) string { return "" }
		if err := runWith(t.Context(), strings.Fields(command), none, out, newStandIn().open); err != nil {
			t.Errorf("%s: %v", command, err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s lacks %s: %s", command, want, out)
		}
	}
}

func TestChangesAreTriedNoLongerThanTheyAreKept(t *testing.T) {
	key := base64.StdEncoding.EncodeToString(make([]byte, 32))
	_, err := configured(t, nil, "--secret-key", key, "--changes-keep", "12h")
	if want := "webhook-keep-trying: must not be longer than changes-keep (12h0m0s)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want %s", err, want)
	}
	if _, err := configured(t, nil, "--changes-keep", "12h"); err != nil {
		t.Errorf("without webhooks: %v", err)
	}
}
