package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTheKindOfAnErrorIsSeenThroughWhatWrapsIt(t *testing.T) {
	bad := BadInput("%d is too much", 7)
	for _, c := range []struct {
		err  error
		want Kind
	}{
		{bad, BadUserInput},
		{fmt.Errorf("asking: %w", bad), BadUserInput},
		{errors.Join(errors.New("plain"), fmt.Errorf("asking: %w", bad)), BadUserInput},
		{New(NotFound, "nothing"), NotFound},
		{errors.New("plain"), Internal},
		{nil, Internal},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("%v is %s", c.err, got)
		}
	}
	if bad.Error() != "7 is too much" {
		t.Errorf("the message is %q", bad)
	}
}

func TestARequestIDIsFoundInItsContextAlone(t *testing.T) {
	if id := RequestID(t.Context()); id != "" {
		t.Errorf("outside of a request it is %q", id)
	}
	if id := RequestID(WithRequestID(t.Context(), "r1")); id != "r1" {
		t.Errorf("it is %q", id)
	}
}

func TestWhatIsRepeatedInAMessageIsShort(t *testing.T) {
	for _, s := range []string{"", "short", strings.Repeat("x", 40), strings.Repeat("x", 41), strings.Repeat("é", 10_000), strings.Repeat("\xff", 100)} {
		got := Shorten(s)
		if n := utf8.RuneCountInString(got); n > 41 || utf8.RuneCountInString(s) <= 40 && got != s {
			t.Errorf("%.50q becomes %q", s, got)
		}
	}
}
