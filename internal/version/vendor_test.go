package version

import "testing"

// Each line is in order; equal ones are written twice with "=".
func TestCompareOrdersAsVendorsDo(t *testing.T) {
	for _, line := range [][]string{
		{"1.26.0-0", "1.26.0-rc.1", "1.26.0", "1.26.1", "1.26.10"},          // semver, Go's lower bound
		{"3.0.0.beta1", "3.0.0.beta2", "3.0.0.rc1", "3.0.0"},                // RubyGems
		{"5.2.20.M1", "5.2.20.RC1", "5.2.20.RELEASE", "5.2.21.RELEASE"},     // Maven
		{"1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.1"}, // PEP 440
		{"1.1.1", "1.1.1a", "1.1.1w", "1.1.2"},                              // OpenSSL
		{"9", "10", "11.5", "100"},
		{"2024.9.1", "2024.10.0", "2025.1"},
		{"18beta1", "18rc1", "18.0", "18.1"},                // PostgreSQL
		{"9.0.0.M1", "9.0.0.M10", "9.0.0", "9.0.1"},         // Tomcat
		{"9.3", "9.3p1", "9.3p2", "9.4"},                    // OpenSSH
		{"java8", "java11", "java21"},                       // release cycles that are no versions
		{"1.0-1", "1.0-1.2", "1.0"},                         // pre-releases, as long as nothing tells of packaging
		{"1.0-r1.2", "1.0"},                                 // an Alpine revision is one number
		{"1.0-0", "1.0-rc1", "1.0-w", "1.0", "1.0w", "1.1"}, // a letter is a patch only at the number
	} {
		for i := range line {
			for j := range line {
				if got, want := sign(Compare(line[i], line[j])), sign(i-j); got != want {
					t.Errorf("Compare(%q, %q) = %d, want %d", line[i], line[j], got, want)
				}
			}
		}
	}
	for _, same := range [][2]string{
		{"16.14.0", "16.14"},
		{"v1.2", "1.2"},
		{"1.2.0+build5", "1.2"},
		{"5.2.20.RELEASE", "5.2.20"},
		{"01.2", "1.2"},
		{"10.6.12-MariaDB-log", "10.6.12"},
		{"2.4.58-ubuntu4.10", "2.4.58"},
		{"16.14.0-debian-12-r3", "16.14"},
		{"18.20.4-alpine3.19", "18.20.4"},
		{"8.0.36+deb12", "8.0.36"},
		{"3.0.11-1~deb12u2", "3.0.11"},
		{"1.1.1n-0+deb11u5", "1.1.1n"},
		{"3.0.2-0ubuntu1.10", "3.0.2"},
		{"1:10.11.6-0+deb12u1", "10.11.6"},
		{"3.0.7-27.el9", "3.0.7"},
		{"1:3.5.1-4.el9_7", "3.5.1"},
		{"3.1.4-r5", "3.1.4"},
	} {
		if Compare(same[0], same[1]) != 0 {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
}

func TestIsVersion(t *testing.T) {
	for text, want := range map[string]bool{
		"1": true, "v18.20.4": true, "V1": true, " 1.0 ": true, "1.27rc2": true, "2024.10": true, "1.1.1w": true, "5.2.20.RELEASE": true,
		"": false, "v": false, "latest": false, "dev-main": false, "18.x": false, "-1": false, "\x00": false, "release": false,
	} {
		if got := IsVersion(text); got != want {
			t.Errorf("IsVersion(%q) = %t", text, got)
		}
	}
}
