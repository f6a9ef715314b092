package webhook

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"code.dny.dev/ssrf"
)

// public lets through the addresses that are of the internet: none that is private, local, shared, reserved or multicast, and
// none of IPv6 that stands for one of IPv4.
var public = ssrf.New(ssrf.WithAnyPort())

var errPrivate = errors.New("the address is not public")

// CheckAddress says what is wrong with an address to post to. What its host stands for is looked at when it is posted to.
func CheckAddress(address string, allowPrivate bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || strings.ContainsFunc(address, isOdd) || !isPort(u.Port()):
		return errors.New("it is no absolute address of printable ASCII characters, such as https://example.org/hook")
	case u.Scheme != "https" && (u.Scheme != "http" || !allowPrivate):
		return errors.New("it does not begin with https://")
	case u.User != nil:
		return errors.New("it has credentials in it, which are not sent")
	case strings.Contains(address, "#"):
		return errors.New("it has a fragment, which is not sent")
	case !allowPrivate && isPrivate(u.Hostname()):
		return errors.New("its host is not public (setting webhook-allow-private)")
	}
	return nil
}

func isOdd(c rune) bool { return c > unicode.MaxASCII || c <= ' ' || unicode.IsControl(c) || c == '\\' }

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && port > 0
}

// isPrivate says whether a host is plainly not public: an address that is not, a number that some systems take for an
// address (`127.1`, `0x7f000001`, `2130706433`), or this machine's own name.
func isPrivate(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Zone() != "" || public.SafeAddr(ip) != nil
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	return last == "localhost" || last == "" || last[0] >= '0' && last[0] <= '9'
}
