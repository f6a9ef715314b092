package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// server is one run of the program, from listening to the end.
type server struct {
	cfg  Config
	log  *slog.Logger
	http *http.Server
	site *site
	// streams are told to end before the server waits for what runs.
	streams *streams
	// failed gets the reason for which accepting connections ended.
	failed chan error
	// cutOff ends the contexts of all requests.
	cutOff context.CancelFunc
}

// serve listens, opens the back-end, tells that it is ready, and stops gracefully when ctx ends.
// Health is answered from the first moment on, GraphQL as soon as the back-end is open.
func serve(ctx context.Context, cfg Config, out io.Writer, open opener, started time.Time) (err error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	log := cfg.logger(out)
	tokens, err := openTokens(cfg, listener.Addr(), log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer tokens.close()
	s := newServer(ctx, cfg, log, tokens)
	defer s.cutOff()
	defer s.http.Close() // of no effect after a graceful stop
	go func() { s.failed <- s.http.Serve(listener) }()
	tokens.prefetch(ctx)
	s.log.InfoContext(ctx, "listening", "address", listener.Addr().String())

	cfg.PublicURL = cfg.publicURL(listener.Addr())
	b, err := open(ctx, cfg, s.log)
	if err != nil && ctx.Err() != nil {
		s.log.InfoContext(ctx, "stopped before it was ready", "reason", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", cfg.databaseName(), err)
	}
	defer func() { err = errors.Join(err, s.http.Close(), b.close()) }() // no request meets a closed store
	s.addTransports(b)
	s.site.backend.Store(b)
	if err := s.announce(out, listener.Addr(), b.report, time.Since(started)); err != nil {
		return err
	}
	select {
	case err := <-s.failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return s.stop(ctx)
	}
}

func newServer(ctx context.Context, cfg Config, log *slog.Logger, tokens *tokens) *server {
	// Requests outlive the signal to stop: they have the grace period to finish.
	base, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	site := newSite(log, tokens)
	return &server{
		cfg:     cfg,
		log:     log,
		site:    site,
		streams: newStreams(cfg.MaxStreams, cfg.MaxAnonymousStreams),
		failed:  make(chan error, 1),
		cutOff:  cutOff,
		http: &http.Server{
			Handler:           site.handler(),
			ReadHeaderTimeout: cfg.ReadHeaderTimeout,
			ReadTimeout:       cfg.ReadTimeout,
			WriteTimeout:      cfg.WriteTimeout,
			IdleTimeout:       cfg.IdleTimeout,
			MaxHeaderBytes:    cfg.MaxHeaderBytes,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
			BaseContext:       func(net.Listener) context.Context { return base },
		},
	}
}

// addTransports teaches the back-end to speak; the first that supports a request answers it.
func (s *server) addTransports(b *backend) {
	plain := Transport{MaxBody: s.cfg.MaxBodyBytes, Timeout: s.cfg.RequestTimeout}
	b.graphql.AddTransport(socketTransport{
		streams:        s.streams,
		bearer:         s.site.bearer,
		log:            s.log,
		maxMessage:     s.cfg.MaxBodyBytes,
		maxOperations:  s.cfg.MaxOperationsPerSocket,
		requestTimeout: s.cfg.RequestTimeout,
		initTimeout:    s.cfg.WSInitTimeout,
		writeTimeout:   s.cfg.StreamWriteTimeout,
		keepAlive:      s.cfg.StreamKeepAlive,
	})
	b.graphql.AddTransport(uploadTransport{
		Transport: plain,
		maxFile:   s.cfg.MaxSBOMBytes,
		slots:     make(chan struct{}, s.cfg.MaxUploads),
	})
	b.graphql.AddTransport(eventTransport{
		Transport:    plain,
		streams:      s.streams,
		log:          s.log,
		writeTimeout: s.cfg.StreamWriteTimeout,
		keepAlive:    s.cfg.StreamKeepAlive,
	})
	b.graphql.AddTransport(plain)
}

// stop refuses new connections, tells streams to end, and waits for what runs until the grace period is over.
func (s *server) stop(ctx context.Context) error {
	s.log.InfoContext(ctx, "stopping", "grace", s.cfg.ShutdownGrace)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.ShutdownGrace)
	defer cancel()
	s.streams.stop()
	// Sockets are none of the connections that the server knows of.
	if err := cmp.Or(s.http.Shutdown(grace), s.streams.wait(grace)); err != nil {
		s.cutOff()
		return fmt.Errorf("requests were still running after %v: %w", s.cfg.ShutdownGrace, err)
	}
	s.log.InfoContext(ctx, "stopped")
	return nil
}

const sampleQuery = `{ technology(slug: \"nodejs\") { releaseCycle(version: \"18.20.4\") { name status endOfLifeOn latestVersion } } }`

// announce tells a person, or in a JSON log a machine, where the server is and how long it took.
func (s *server) announce(out io.Writer, address net.Addr, report string, took time.Duration) error {
	origin := "http://" + reachable(address)
	if s.cfg.LogFormat == "json" {
		s.log.Info("ready", "graphql", origin+"/graphql", "playground", origin+"/",
			"database", s.cfg.databaseName(), "report", report, "dev", s.cfg.Dev, "took", took)
		return nil
	}
	_, err := fmt.Fprintf(out, `
Stackyard is ready after %v.

  GraphQL     %s/graphql
  Playground  %s/%s
  Database    %s
  Catalogue   %s
%s
  curl -s %s/graphql -H 'content-type: application/json' -d '{"query":"%s"}'

`, took.Round(time.Millisecond), origin, origin, s.site.playground.note(), s.cfg.databaseName(), report,
		s.site.dev.note(origin), origin, sampleQuery)
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// reachable is the address as one can call it from this machine.
func reachable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return address.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}
