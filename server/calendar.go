package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/fault"
)

// calendarPath is where the calendar is that everybody can ask.
const calendarPath = "/calendar.ics"

// technologiesParameter lists what that calendar is asked about.
const technologiesParameter = "technologies"

// calendars answer with what ends when, as calendar programs read it.
type calendars struct {
	cases   *app.App
	timeout time.Duration
	log     *slog.Logger
}

// public answers about the technologies that the address names.
func (c calendars) public(w http.ResponseWriter, r *http.Request) {
	named, err := technologiesOf(r.URL)
	if err != nil {
		c.refuse(r.Context(), w, r, err)
		return
	}
	c.answer(w, r, "public, max-age=3600", func(ctx context.Context) (*app.Calendar, error) { return c.cases.Calendar(ctx, named) })
}

// secret answers whoever knows the address of an organisation's calendar.
func (c calendars) secret(w http.ResponseWriter, r *http.Request) {
	token, isCalendar := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, app.CalendarPath), app.CalendarSuffix)
	if !isCalendar {
		notFound(w, r)
		return
	}
	c.answer(w, r, "private, no-cache", func(ctx context.Context) (*app.Calendar, error) {
		calendar, err := c.cases.OrganizationCalendar(ctx, token)
		if err == nil {
			w.Header().Set("X-Robots-Tag", "noindex")
		}
		return calendar, err
	})
}

func (c calendars) answer(w http.ResponseWriter, r *http.Request, caching string, read func(context.Context) (*app.Calendar, error)) {
	ctx, cancel := context.WithTimeout(r.Context(), c.timeout)
	defer cancel()
	calendar, err := read(ctx)
	if err != nil {
		c.refuse(ctx, w, r, err)
		return
	}
	body := iCalendar(calendar)
	sum := sha256.Sum256([]byte(body))
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="end-of-life.ics"`)
	h.Set("Cache-Control", caching)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(body))
}

// refuse says why there is no calendar. What is wrong with the question is a text, for the person who has put the
// address together.
func (c calendars) refuse(ctx context.Context, w http.ResponseWriter, r *http.Request, err error) {
	kind := fault.KindOf(err)
	switch {
	case kind == fault.NotFound:
		notFound(w, r)
	case kind == fault.BadUserInput:
		h := w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, err.Error()+"\n") // nobody is left to tell
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		refuse(w, &refusal{status: http.StatusServiceUnavailable, err: timedOut(c.timeout)})
	case ctx.Err() != nil:
		w.WriteHeader(statusClientGone)
	default:
		c.log.ErrorContext(ctx, "a calendar was not made", "error", err, "requestId", fault.RequestID(ctx))
		refuseInternal(ctx, w)
	}
}

// technologiesOf gives what an address asks about: all values of the parameter, split at commas.
func technologiesOf(u *url.URL) ([]string, error) {
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fault.BadInput("the part of the address after ? cannot be read")
	}
	var named []string
	for _, one := range strings.Split(strings.Join(parameters[technologiesParameter], ","), ",") {
		if one = strings.TrimSpace(one); one != "" {
			named = append(named, one)
		}
	}
	if len(named) == 0 {
		return nil, fault.BadInput("say what to show, as in %s?%s=nodejs@22,postgresql@16", calendarPath, technologiesParameter)
	}
	return named, nil
}
