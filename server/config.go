package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackyard/internal/webhook"
)

// Config is everything that can be set, by a flag or by an environment variable STACKYARD_….
type Config struct {
	// Listen is the address of the server; port 0 takes any free port.
	Listen string `default:"127.0.0.1:8080" help:"Address to listen on."`
	// PublicURL is where others reach the server, for addresses that it gives out; where empty, the address that it listens on.
	PublicURL string `name:"public-url" placeholder:"URL" help:"Address at which others reach the server, for those that it gives out; by default the one that it listens on."`
	// Database is sqlite:PATH or postgres://…; where empty, a SQLite file in DataDir.
	Database string `placeholder:"URL" help:"sqlite:PATH or postgres://…; by default a SQLite file in the data directory."`
	// MaxReaders is how many connections to the database read at a time; 0 is one per processor, at least 4.
	MaxReaders int `default:"0" help:"Most connections to the database that read; 0 is one per processor, at least 4."`
	// MaxWriters is the same for those that write; SQLite has one.
	MaxWriters int `default:"0" help:"Most connections to a PostgreSQL that write; 0 is one per processor, at least 4."`
	// DataDir is the directory that the server may write to.
	DataDir string `default:"./data" help:"Directory for the server's files."`
	// Dev switches on what makes exploring easy and is not fit for others to reach.
	Dev bool `help:"Development mode, on a loopback address only."`

	// Issuers is the file that lists whose tokens are accepted; where empty, nobody's are.
	Issuers string `placeholder:"FILE" help:"File that lists whose tokens are accepted, in YAML."`
	// JWKSMaxStale is how old an issuer's keys may get while it cannot be asked.
	JWKSMaxStale time.Duration `name:"jwks-max-stale" default:"24h" help:"Age that keys of an issuer may reach while it does not answer."`
	// SecretKey is what secrets are kept under in the database: the first key seals, all of them open.
	SecretKey string `placeholder:"KEY[,KEY…]" help:"Key for the secrets in the database, 32 bytes in base64; older ones after it, to read what they sealed. Better set in the environment. Without it there are no webhooks."`

	// ReadHeaderTimeout is how long the header of a request may take to arrive.
	ReadHeaderTimeout time.Duration `default:"5s" help:"Time for the header of a request to arrive."`
	// ReadTimeout is how long a whole request may take to arrive.
	ReadTimeout time.Duration `default:"15s" help:"Time for a whole request to arrive."`
	// RequestTimeout is how long one operation may run.
	RequestTimeout time.Duration `default:"15s" help:"Time for one operation to run."`
	// WriteTimeout is how long a request may take from its header to the last byte of its answer.
	WriteTimeout time.Duration `default:"60s" help:"Time from the header of a request to the end of its answer."`
	// IdleTimeout is how long a connection is kept between two requests.
	IdleTimeout time.Duration `default:"2m" help:"Time that an idle connection is kept."`
	// ShutdownGrace is how long running requests may take to finish when the server is stopped.
	ShutdownGrace time.Duration `default:"10s" help:"Time for running requests to finish on stop."`

	// MaxStreams is how many sockets and event streams there may be at the same time.
	MaxStreams int `default:"10000" help:"Most open sockets and event streams."`
	// MaxAnonymousStreams is how many of them one client address may have without a token. The address is that of
	// the connection, and of IPv6 its network; headers of proxies are not read.
	MaxAnonymousStreams int `default:"50" help:"Most of them without a token of one client address; the server sees a proxy's, so raise it behind one."`
	// MaxOperationsPerSocket is how many operations one socket may run at the same time.
	MaxOperationsPerSocket int `default:"50" help:"Most operations that run on one socket."`
	// WSInitTimeout is how long a socket may take to say who opened it.
	WSInitTimeout time.Duration `name:"ws-init-timeout" default:"5s" help:"Time for connection_init to arrive on a socket."`
	// StreamWriteTimeout is how long the reader of a stream may take to take a message.
	StreamWriteTimeout time.Duration `default:"10s" help:"Time for a reader to take a message of a stream."`
	// StreamKeepAlive is the time between two signs of life on a stream.
	StreamKeepAlive time.Duration `default:"20s" help:"Time between two pings of a stream."`
	// ChangesKeep is how long changes are kept, and so how long a reader may be away and still resume; and findings
	// once they are fixed.
	ChangesKeep time.Duration `default:"2160h" help:"Time that changes are kept to resume from, and findings once they are fixed."`

	// MaxBodyBytes is the size of the largest request body, and of the largest message on a socket.
	MaxBodyBytes int64 `default:"1048576" help:"Largest request body or message on a socket, in bytes."`
	// MaxHeaderBytes is the size of the largest request header; a document sent by GET is in it.
	MaxHeaderBytes int `default:"65536" help:"Largest request header, in bytes."`
	// MaxDocumentTokens is the length of the longest GraphQL document; validation time grows with its square.
	MaxDocumentTokens int `default:"2000" help:"Longest GraphQL document, in tokens."`
	// QueryCacheEntries is how many validated documents are remembered.
	QueryCacheEntries int `default:"1000" help:"Validated documents to remember."`
	// MaxCachedDocumentBytes is the size of the largest document that is remembered.
	MaxCachedDocumentBytes int `default:"16384" help:"Largest document to remember, in bytes."`
	// MaxSearchLength is the length of the longest search text.
	MaxSearchLength int `default:"200" help:"Longest search text, in characters."`
	// MaxFilterValues is how many values one list in a filter may have.
	MaxFilterValues int `default:"100" help:"Most values in one list of a filter."`

	// MaxOrganizations is how many organisations one user may own.
	MaxOrganizations int `default:"20" help:"Most organisations that one user owns."`
	// MaxInvitations is how many invitations of one organisation may wait at a time.
	MaxInvitations int `default:"50" help:"Most invitations of an organisation that wait."`
	// InvitationTTL is how long an invitation is good.
	InvitationTTL time.Duration `name:"invitation-ttl" default:"336h" help:"Time that an invitation is good."`
	// MaxProjects is how many projects one organisation may have.
	MaxProjects int `default:"5000" help:"Most projects of an organisation."`
	// MaxStackComponents is how many components one project may have.
	MaxStackComponents int `default:"1000" help:"Most components of a project."`
	// MaxWebhooks is how many webhooks one organisation may have.
	MaxWebhooks int `default:"10" help:"Most webhooks of an organisation."`
	// MaxUploads is how many requests with a file are handled at the same time; each can take many times the room of its file.
	MaxUploads int `default:"4" help:"Most requests with a file at the same time."`
	// MaxSBOMBytes is the size of the largest bill of materials.
	MaxSBOMBytes int64 `name:"max-sbom-bytes" default:"20971520" help:"Largest bill of materials, in bytes."`
	// MaxSBOMComponents is how many components a bill of materials may list.
	MaxSBOMComponents int `name:"max-sbom-components" default:"20000" help:"Most components of a bill of materials."`
	// MaxSBOMDepth is how deep the parts of a bill of materials may lie in one another.
	MaxSBOMDepth int `name:"max-sbom-depth" default:"32" help:"Deepest nesting of a bill of materials."`

	// MaxCheckedComponents is how many components one `checkStack` looks at.
	MaxCheckedComponents int `default:"200" help:"Most components of a stack check."`
	// MaxComparedTechnologies is how many technologies `compareTechnologies` puts side by side.
	MaxComparedTechnologies int `default:"6" help:"Most technologies of a comparison."`
	// MaxCalendarTechnologies is how many technologies a calendar can be asked about.
	MaxCalendarTechnologies int `default:"50" help:"Most technologies of a calendar."`
	// MaxMustUse is how many technologies `recommendStack` can be made to contain.
	MaxMustUse int `default:"20" help:"Most technologies that a recommendation must use."`
	// MaxRecommendationSteps is how many times the searches of one operation's `recommendStack` look at an option.
	MaxRecommendationSteps int `default:"5000000" help:"Most looks at options in the searches for stacks of one operation."`

	Sync    syncConfig    `embed:"" prefix:"sync-"`
	Webhook webhookConfig `embed:"" prefix:"webhook-"`

	// LogFormat is text, for people, or json, for machines.
	LogFormat string `default:"text" help:"Format of the log: text or json."`
	// LogLevel is the least important level that is logged.
	LogLevel string `default:"info" help:"Least level that is logged: debug, info, warn or error."`
}

// check lists all that is wrong at once.
func (c Config) check() error {
	var faults []error
	fault := func(setting, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", setting, fmt.Sprintf(format, args...)))
	}
	if err := checkListen(c.Listen); err != nil {
		fault("listen", "%v", err)
	} else if c.Dev && !isLoopback(c.Listen) {
		fault("dev", "is for loopback addresses only, and %q is none", c.Listen)
	}
	if err := checkPublicURL(c.PublicURL); err != nil {
		fault("public-url", "%v", err)
	}
	if err := checkDatabase(c.Database); err != nil {
		fault("database", "%v", err)
	}
	if c.DataDir == "" {
		fault("data-dir", "is empty")
	}
	for _, limit := range c.limits() {
		if limit.value <= 0 {
			fault(limit.setting, "must be more than 0")
		}
	}
	if c.MaxReaders < 0 {
		fault("max-readers", "must not be less than 0")
	}
	if c.MaxWriters < 0 {
		fault("max-writers", "must not be less than 0")
	}
	if c.WriteTimeout > 0 && c.WriteTimeout <= c.RequestTimeout {
		fault("write-timeout", "must be longer than request-timeout (%v)", c.RequestTimeout)
	}
	if c.ChangesKeep < time.Hour {
		fault("changes-keep", "must be 1h at least")
	}
	if c.SecretKey != "" && c.Webhook.KeepTrying > c.ChangesKeep {
		fault("webhook-keep-trying", "must not be longer than changes-keep (%v): what is not kept cannot be tried", c.ChangesKeep)
	}
	if _, err := webhook.ParseKeys(c.SecretKey); err != nil {
		fault("secret-key", "%v", err)
	}
	faults = slices.Concat(faults, c.Sync.faults(), c.Webhook.faults())
	if c.LogFormat != "text" && c.LogFormat != "json" {
		fault("log-format", "%q is neither text nor json", c.LogFormat)
	}
	if _, err := c.logLevel(); err != nil {
		fault("log-level", "%q is none of debug, info, warn and error", c.LogLevel)
	}
	return errors.Join(faults...)
}

type limit struct {
	setting string
	value   int64
}

func (c Config) limits() []limit {
	return []limit{
		{"read-header-timeout", int64(c.ReadHeaderTimeout)},
		{"read-timeout", int64(c.ReadTimeout)},
		{"request-timeout", int64(c.RequestTimeout)},
		{"write-timeout", int64(c.WriteTimeout)},
		{"idle-timeout", int64(c.IdleTimeout)},
		{"shutdown-grace", int64(c.ShutdownGrace)},
		{"jwks-max-stale", int64(c.JWKSMaxStale)},
		{"max-streams", int64(c.MaxStreams)},
		{"max-anonymous-streams", int64(c.MaxAnonymousStreams)},
		{"max-operations-per-socket", int64(c.MaxOperationsPerSocket)},
		{"ws-init-timeout", int64(c.WSInitTimeout)},
		{"stream-write-timeout", int64(c.StreamWriteTimeout)},
		{"stream-keep-alive", int64(c.StreamKeepAlive)},
		{"max-body-bytes", c.MaxBodyBytes},
		{"max-header-bytes", int64(c.MaxHeaderBytes)},
		{"max-document-tokens", int64(c.MaxDocumentTokens)},
		{"query-cache-entries", int64(c.QueryCacheEntries)},
		{"max-cached-document-bytes", int64(c.MaxCachedDocumentBytes)},
		{"max-search-length", int64(c.MaxSearchLength)},
		{"max-filter-values", int64(c.MaxFilterValues)},
		{"max-organizations", int64(c.MaxOrganizations)},
		{"max-invitations", int64(c.MaxInvitations)},
		{"invitation-ttl", int64(c.InvitationTTL)},
		{"max-projects", int64(c.MaxProjects)},
		{"max-stack-components", int64(c.MaxStackComponents)},
		{"max-webhooks", int64(c.MaxWebhooks)},
		{"max-checked-components", int64(c.MaxCheckedComponents)},
		{"max-compared-technologies", int64(c.MaxComparedTechnologies)},
		{"max-uploads", int64(c.MaxUploads)},
		{"max-sbom-bytes", c.MaxSBOMBytes},
		{"max-sbom-components", int64(c.MaxSBOMComponents)},
		{"max-sbom-depth", int64(c.MaxSBOMDepth)},
		{"max-calendar-technologies", int64(c.MaxCalendarTechnologies)},
		{"max-must-use", int64(c.MaxMustUse)},
		{"max-recommendation-steps", int64(c.MaxRecommendationSteps)},
	}
}

func checkListen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT", address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q is not a port", port)
	}
	return nil
}

func checkPublicURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(address, "?# ") {
		return fmt.Errorf("%q is no address such as https://stackyard.example.org", address)
	}
	return nil
}

// publicURL is where others reach a server that listens on an address, without a slash at the end.
func (c Config) publicURL(listening net.Addr) string {
	if c.PublicURL == "" {
		return "http://" + reachable(listening)
	}
	return strings.TrimRight(c.PublicURL, "/")
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// checkDatabase never repeats the address, which can hold a password.
func checkDatabase(database string) error {
	if database == "" {
		return nil
	}
	scheme, rest, found := strings.Cut(database, ":")
	switch {
	case !found:
		return errors.New("is neither sqlite:PATH nor postgres://…")
	case scheme == "sqlite" && rest == "":
		return errors.New("sqlite: needs a path")
	case scheme == "sqlite" && strings.HasPrefix(rest, ":memory:"):
		return errors.New("sqlite::memory: would be another database for every connection; give the path of a file")
	case scheme == "sqlite":
		return nil
	case scheme != "postgres" && scheme != "postgresql":
		return fmt.Errorf("scheme %q is neither sqlite nor postgres", scheme)
	}
	if u, err := url.Parse(database); err != nil || u.Host == "" {
		return errors.New("is not a well-formed postgres:// address")
	}
	return nil
}

// database is the address to open, with the default filled in.
func (c Config) database() string {
	if c.Database == "" {
		return "sqlite:" + filepath.Join(c.DataDir, "stackyard.db")
	}
	return c.Database
}

// databaseName is the address without its password, for people to read.
func (c Config) databaseName() string {
	u, err := url.Parse(c.database())
	if err != nil || u.Scheme == "sqlite" {
		return c.database()
	}
	u.RawQuery = ""
	return u.Redacted()
}

func (c Config) logLevel() (slog.Level, error) {
	var level slog.Level
	err := level.UnmarshalText([]byte(c.LogLevel))
	return level, err
}

// logger writes to out in the format and from the level that were set.
func (c Config) logger(out io.Writer) *slog.Logger {
	level, _ := c.logLevel() // checked before
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}
