package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stackyard/internal/store/storetest"
)

// calendarSite is a site with the real back-end, its log, and its organisation's id; ada owns it.
type calendarSite struct {
	*site
	t            *testing.T
	log          *buffer
	organization string
}

// onEachCalendarSite runs a test with the real back-end on each database.
func onEachCalendarSite(t *testing.T, test func(t *testing.T, s calendarSite), flags ...string) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		t.Parallel()
		flags := append([]string{
			"--listen", "127.0.0.1:0", "--database", storetest.SeededAddress(t, dialect), "--data-dir", t.TempDir(), "--public-url", "https://stackyard.example/below/",
		}, flags...)
		cfg, err := configured(t, nil, flags...)
		if err != nil {
			t.Fatal(err)
		}
		s := calendarSite{t: t}
		s.site, s.log = closedSite()
		b, err := openBackend(t.Context(), cfg, slog.New(slog.NewJSONHandler(s.log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.close() })
		b.graphql.AddTransport(Transport{MaxBody: testMaxBody, Timeout: time.Minute})
		s.backend.Store(b)
		s.organization = s.does(`createOrganization(input: { slug: "acme", name: "Acme; \"Söhne\", \\ Co" }) { organization { id } }`)
		test(t, s)
	})
}

// does runs a mutation as ada, and gives the only text in its answer.
func (s calendarSite) does(mutation string) string {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"query": "mutation { it: " + mutation + " }"})
	if err != nil {
		s.t.Fatal(err)
	}
	answer := textOf(s.t, ask(s.handler(), post(string(body), "Authorization", "Bearer ada-1")))
	text := regexp.MustCompile(`^\{"data":\{"it":[^\[]*:"([^"]+)"[^"]*$`).FindStringSubmatch(answer)
	if text == nil {
		s.t.Fatal(answer)
	}
	return text[1]
}

func (s calendarSite) register(slug, name, stack string) string {
	s.t.Helper()
	return s.does(fmt.Sprintf(`createProject(input: { organizationId: %q, slug: %q, name: %s, stack: [%s] }) { project { id } }`,
		s.organization, slug, quoteText(name), stack))
}

// quoteText writes a text as GraphQL does.
func quoteText(s string) string {
	b, _ := json.Marshal(s) // a string
	return string(b)
}

// reset gives the path of the organisation's calendar.
func (s calendarSite) reset() string {
	s.t.Helper()
	address := s.does(fmt.Sprintf(`resetCalendarFeed(input: { organizationId: %q }) { url }`, s.organization))
	path, isOurs := strings.CutPrefix(address, "https://stackyard.example/below")
	if !isOurs {
		s.t.Fatalf("the address is %s", address)
	}
	return path
}

func (s calendarSite) get(target string, header ...string) (*http.Response, string) {
	s.t.Helper()
	resp := ask(s.handler(), request("GET", target, header...))
	return resp, textOf(s.t, resp)
}

// property is a line of an iCalendar, unfolded.
type property struct{ name, value string }

// linesOf reads an iCalendar as RFC 5545 has it: lines end in CRLF, have at most 75 octets, and go on where the next
// one begins with a space.
func linesOf(t *testing.T, text string) []property {
	t.Helper()
	rest, isWhole := strings.CutSuffix(text, "\r\n")
	if !isWhole || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
		t.Fatalf("lines do not all end in CRLF: %q", text)
	}
	for line := range strings.SplitSeq(rest, "\r\n") {
		if len(line) > 75 || line == "" || !strings.HasPrefix(line, " ") && !regexp.MustCompile(`^[A-Z][A-Z-]*[:;]`).MatchString(line) {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
		if line != strings.ToValidUTF8(line, "?") {
			t.Errorf("a character is cut: %q", line)
		}
	}
	var out []property
	for line := range strings.SplitSeq(strings.ReplaceAll(rest, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		out = append(out, property{name, value})
	}
	return out
}

// textIn reads a text as it is escaped in an iCalendar; what must be escaped and is not is an error.
func textIn(t *testing.T, value string) string {
	t.Helper()
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value) && strings.ContainsRune(`\;,nN`, rune(value[i+1])):
			i++
			out.WriteString(strings.ReplaceAll(strings.ToLower(value[i:i+1]), "n", "\n"))
		case strings.ContainsRune(`\;,`, rune(c)):
			t.Errorf("%q is not escaped in %q", c, value)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

func valuesOf(lines []property, name string) []string {
	var out []string
	for _, l := range lines {
		if l.name == name {
			out = append(out, l.value)
		}
	}
	return out
}

func TestTheCalendarOfTechnologies(t *testing.T) {
	onEachCalendarSite(t, func(t *testing.T, s calendarSite) {
		resp, body := s.get("/calendar.ics?technologies=postgresql@16,nodejs@22")
		lines := linesOf(t, body)
		for name, want := range map[string][]string{
			"BEGIN": {"VCALENDAR", "VEVENT", "VEVENT"}, "END": {"VEVENT", "VEVENT", "VCALENDAR"}, "VERSION": {"2.0"}, "PRODID": {"-//Stackyard//End of life//EN"},
			"REFRESH-INTERVAL;VALUE=DURATION": {"P1D"}, "NAME": {"End of life"}, "X-WR-CALNAME": {"End of life"}, "TRANSP": {"TRANSPARENT", "TRANSPARENT"},
			"SUMMARY":            {"Node.js 22 reaches end of life", "PostgreSQL 16 reaches end of life"},
			"DTSTART;VALUE=DATE": {"20270430", "20281109"}, "DTEND;VALUE=DATE": {"20270501", "20281110"},
			"URL": {"https://nodejs.org/en/about/previous-releases", "https://www.postgresql.org/support/versioning/"},
		} {
			if got := valuesOf(lines, name); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if uid := valuesOf(lines, "UID"); len(uid) != 2 || uid[0] == uid[1] || !strings.HasSuffix(uid[0], "@stackyard") {
			t.Errorf("UID: %q", uid)
		}
		h := resp.Header
		if h.Get("Content-Type") != "text/calendar; charset=utf-8" || h.Get("Content-Disposition") != `inline; filename="end-of-life.ics"` ||
			h.Get("Cache-Control") != "public, max-age=3600" || h.Get("X-Robots-Tag") != "" {
			t.Errorf("%v", h)
		}
		if _, again := s.get("/calendar.ics?technologies=postgres:16-alpine&technologies=nodejs@22"); again != body {
			t.Errorf("asked in two parameters it is another one:\n%s", again)
		}
		if _, empty := s.get("/calendar.ics?technologies=express"); !slices.Equal(valuesOf(linesOf(t, empty), "BEGIN"), []string{"VCALENDAR", "VTIMEZONE", "STANDARD"}) {
			t.Errorf("a calendar without events: %s", empty)
		}
		same, nothing := s.get("/calendar.ics?technologies=postgresql@16,nodejs@22", "If-None-Match", h.Get("ETag"))
		if same.StatusCode != http.StatusNotModified || nothing != "" {
			t.Errorf("known already: %d %s", same.StatusCode, nothing)
		}
		if other, _ := s.get("/calendar.ics?technologies=nodejs@22", "If-None-Match", h.Get("ETag")); other.StatusCode != http.StatusOK {
			t.Errorf("another: %d", other.StatusCode)
		}
		head := ask(s.handler(), request("HEAD", "/calendar.ics?technologies=postgresql@16,nodejs@22"))
		if head.StatusCode != http.StatusOK || textOf(t, head) != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(body)) {
			t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
		}
	})
}

func TestTheCalendarSaysWhatIsWrongWithTheQuestion(t *testing.T) {
	onEachCalendarSite(t, func(t *testing.T, s calendarSite) {
		for query, want := range map[string]string{
			"":                                   "say what to show, as in /calendar.ics?technologies=nodejs@22,postgresql@16",
			"?technologies=":                     "say what to show",
			"?technologies=%20,,":                "say what to show",
			"?technology=nodejs":                 "say what to show",
			"?technologies=nodejs;postgresql@16": "the part of the address after ? cannot be read",
			"?technologies=%zz":                  "the part of the address after ? cannot be read",
			"?technologies=nodejs,a,b@1,nodejs@99": `the catalogue knows no technology, or more than one, by the name of "a", "b@1"; ` +
				`there is no such release cycle: "nodejs@99"`,
			"?technologies=a,b,c,d,e": "technologies lists 5 technologies, more than 4 (--max-calendar-technologies)",
		} {
			resp, body := s.get("/calendar.ics" + query)
			isText := resp.Header.Get("Content-Type") == "text/plain; charset=utf-8" && resp.Header.Get("Cache-Control") == "no-store"
			if resp.StatusCode != http.StatusBadRequest || !isText || !strings.HasPrefix(body, want) {
				t.Errorf("%s: %d %s, want %s", query, resp.StatusCode, body, want)
			}
		}
	}, "--max-calendar-technologies", "4")
}

func TestAnOrganisationsCalendarHoldsWhateverProjectsAreCalled(t *testing.T) {
	onEachCalendarSite(t, func(t *testing.T, s calendarSite) {
		names := []string{`a,b;c\d\nEND:VEVENT`, strings.Repeat("日本", 40), `"BEGIN:VALARM"`, "Zoë 🚀 > x < y", strings.Repeat("y", 100)}
		for i, name := range names {
			s.register(fmt.Sprint("p-", i), name, `{ technology: "nodejs", version: "22.1.0" }`)
		}
		gone := s.register("gone", "Gone", `{ technology: "postgresql", version: "16.1" }`)
		path := s.reset()
		resp, body := s.get(path)
		lines := linesOf(t, body)
		if got := valuesOf(lines, "SUMMARY"); !slices.Equal(got, []string{"Node.js 22 reaches end of life", "PostgreSQL 16 reaches end of life"}) {
			t.Errorf("%q", got)
		}
		if got := valuesOf(lines, "NAME"); len(got) != 1 || textIn(t, got[0]) != `End of life: Acme; "Söhne", \ Co` {
			t.Errorf("%q", got)
		}
		about := textIn(t, valuesOf(lines, "DESCRIPTION")[0])
		_, list, _ := strings.Cut(about, "\nProjects: ")
		list, _, _ = strings.Cut(list, ".\nAs of ")
		got := list
		for _, name := range names {
			got = strings.Replace(got, name, "", 1)
		}
		if got != ", , , , " {
			t.Errorf("the projects are %q", list)
		}
		h := resp.Header
		if h.Get("Cache-Control") != "private, no-cache" || h.Get("X-Robots-Tag") != "noindex" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%v", h)
		}
		if same, _ := s.get(path, "If-None-Match", h.Get("ETag")); same.StatusCode != http.StatusNotModified {
			t.Errorf("known already: %d", same.StatusCode)
		}
		s.does(fmt.Sprintf(`deleteProject(input: { projectId: %q }) { deletedProjectId }`, gone))
		if _, body := s.get(path); strings.Contains(body, "PostgreSQL") {
			t.Error("what a deleted project ran is still there")
		}
	})
}

func TestNobodyLearnsOfTheAddressOfACalendar(t *testing.T) {
	onEachCalendarSite(t, func(t *testing.T, s calendarSite) {
		old := s.reset()
		path := s.reset()
		token := strings.TrimSuffix(strings.TrimPrefix(path, "/calendar/"), ".ics")
		if token == path || len(token) != 43 {
			t.Fatalf("the path is %s", path)
		}
		unknown, nowhere := s.get("/nowhere")
		wrong := []string{
			old, "/calendar/", "/calendar/.ics", "/calendar/" + token, path + "x", strings.ToUpper(path), "/calendar/" + strings.Repeat("A", 43) + ".ics",
			"/calendar/x/" + token + ".ics", "/elsewhere/calendar/" + token + ".ics", "/calendar%2f" + token + ".ICS",
		}
		for _, other := range wrong {
			resp, body := s.get(other)
			resp.Header.Set("X-Request-Id", unknown.Header.Get("X-Request-Id"))
			if resp.StatusCode != http.StatusNotFound || body != nowhere || fmt.Sprint(resp.Header) != fmt.Sprint(unknown.Header) {
				t.Errorf("%s: %d %v %s", other, resp.StatusCode, resp.Header, body)
			}
		}
		for _, odd := range []string{"//calendar//" + token + ".ics", "/calendar/./" + token + ".ics", "/CALENDAR/" + token, "/calendar/%0a" + token, "/calendar%2F" + token} {
			resp, body := s.get(odd)
			if resp.StatusCode == http.StatusOK || strings.Contains(body, "BEGIN") {
				t.Errorf("%s: %d", odd, resp.StatusCode)
			}
		}
		if resp := ask(s.handler(), request("POST", path)); resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST: %d", resp.StatusCode)
		}
		if resp, _ := s.get(path); resp.StatusCode != http.StatusOK {
			t.Errorf("the address itself: %d", resp.StatusCode)
		}
		log := s.log.String()
		if strings.Contains(strings.ToLower(log), strings.ToLower(token)) || !strings.Contains(log, `"path":"/calendar/…"`) {
			t.Errorf("the log is %s", log)
		}
	})
}

func TestCalendarsWaitForTheBackEnd(t *testing.T) {
	s, _ := closedSite()
	for _, path := range []string{"/calendar.ics?technologies=nodejs", "/calendar/x.ics"} {
		resp := ask(s.handler(), request("GET", path))
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != "1" {
			t.Errorf("%s: %d %v", path, resp.StatusCode, resp.Header)
		}
		if resp := ask(s.handler(), request("DELETE", path)); resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
}

func TestACalendarThatTakesTooLongIsGivenUp(t *testing.T) {
	onEachCalendarSite(t, func(t *testing.T, s calendarSite) {
		path := s.reset()
		for _, path := range []string{path, "/calendar.ics?technologies=nodejs"} {
			resp, body := s.get(path)
			if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "setting request-timeout") {
				t.Errorf("%s: %d %s", path, resp.StatusCode, body)
			}
		}
	}, "--request-timeout", "1ns")
}

func TestThePublicURLIsTheConfiguredOneOrThatOfTheListener(t *testing.T) {
	for _, good := range []struct{ given, want string }{
		{"https://stackyard.example.org", "https://stackyard.example.org"},
		{"http://h:8080/below/", "http://h:8080/below"},
		{"", "http://127.0.0.1:"},
	} {
		args := []string{"--listen", "127.0.0.1:0"}
		if good.given != "" {
			args = append(args, "--public-url", good.given)
		}
		cfg, err := configured(t, nil, args...)
		if err != nil || good.given != "" && cfg.PublicURL != good.want || !strings.HasPrefix(cfg.PublicURL, good.want) {
			t.Errorf("%s: %s %v", good.given, cfg.PublicURL, err)
		}
		if u, err := url.Parse(cfg.PublicURL); err != nil || u.Port() == "0" {
			t.Errorf("%s has no port: %v", cfg.PublicURL, err)
		}
	}
	for _, bad := range []string{"stackyard.example.org", "ftp://h", "https://", "https://h/?x=1", "https://h/#x", "https://u:p@h", "//h", "https://h/a b", "https://h?"} {
		_, err := configured(t, nil, "--listen", "127.0.0.1:0", "--public-url", bad)
		if exitCode(err) != exitUsage || !bytes.Contains([]byte(err.Error()), []byte("public-url: ")) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
