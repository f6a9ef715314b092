package webhook_test

import (
	"strings"
	"testing"

	"stackyard/internal/webhook"
)

func TestAddressesToPostTo(t *testing.T) {
	t.Parallel()
	const good, private, form, scheme = "", "not public", "no absolute address", "does not begin with https://"
	for address, says := range map[string]string{
		"https://example.org": good, "https://example.org/hook?to=a&b=%20": good, "https://EXAMPLE.org:8443/": good, "https://93.184.215.14/": good,
		"https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/x": good, "https://xn--bcher-kva.example/": good, "https://example.org.": good,

		"": form, "example.org": form, "/hook": form, "https:example.org": form, "https://": form, "https:///x": form, "https://example.org:0": form,
		"https://example.org:99999": form, "https://example.org:http": form, "https://bücher.example": form, "https://example.org/a b": form,
		"https://example.org/\x7f": form, "https://example.org\\@localhost": form, "https://exa\nmple.org": form,

		"http://example.org": scheme, "ftp://example.org": scheme, "javascript://example.org/": scheme, "file://example.org/x": scheme,
		"https://ada:pass@example.org": "credentials", "https://ada@example.org": "credentials",
		"https://example.org/#a": "fragment", "https://example.org/#": "fragment",

		"https://localhost": private, "https://LOCALHOST:80/": private, "https://a.localhost": private, "https://localhost.": private, "https://.": private,
		"https://127.0.0.1": private, "https://127.8.9.1": private, "https://0.0.0.0": private, "https://10.1.2.3": private, "https://172.31.0.1": private,
		"https://192.168.0.1": private, "https://169.254.169.254": private, "https://100.64.0.1": private, "https://224.0.0.1": private,
		"https://255.255.255.255": private, "https://198.18.0.1": private, "https://192.0.0.170": private, "https://240.0.0.1": private,
		"https://2130706433": private, "https://0x7f000001": private, "https://0177.0.0.1": private, "https://127.1": private, "https://0x7f.1": private,
		"https://127.0.0.1.": private, "https://1.2.3.0x4": private,
		"https://[::]": private, "https://[::1]": private, "https://[fe80::1]": private, "https://[fe80::1%25lo]": private, "https://[fc00::1]": private,
		"https://[fd12:3456::1]": private, "https://[ff02::1]": private, "https://[::ffff:127.0.0.1]": private, "https://[::ffff:93.184.215.14]": private,
		"https://[::127.0.0.1]": private, "https://[64:ff9b::7f00:1]": private, "https://[64:ff9b::5db8:d70e]": private, "https://[64:ff9b:1::1]": private,
		"https://[2002:7f00:1::]": private, "https://[2002:5db8:d70e::1]": private, "https://[2001:0:7f00:1::]": private, "https://[2001:db8::1]": private,
		"https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c%25eth0]/": private, "https://[fec0::1]": private,
	} {
		err := webhook.CheckAddress(address, false)
		if (err == nil) != (says == good) || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", address, err)
		}
		isLocal := says == private || strings.HasPrefix(address, "http://")
		if allowed := webhook.CheckAddress(address, true); (allowed == nil) != (err == nil || isLocal) {
			t.Errorf("%q, where private ones are allowed: %v", address, allowed)
		}
	}
}
