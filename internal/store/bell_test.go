package store

import "testing"

func TestTheBellWakesForWhatIsNewAlone(t *testing.T) {
	db := &DB{bell: newBell()}
	woken := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	first, stopFirst := db.Changed(1)
	second, stopSecond := db.Changed(1)
	other, stopOther := db.Changed(2)
	defer stopOther()
	for _, c := range []struct {
		rung news
		want bool
	}{{news{1, 5}, true}, {news{1, 5}, false}, {news{1, 4}, false}, {news{3, 9}, false}, {news{1, 6}, true}, {news{1, gone}, true}, {news{1, 7}, false}} {
		db.bell.ring(c.rung)
		if woken(first) != c.want || woken(second) != c.want || woken(other) {
			t.Errorf("%+v: want %v", c.rung, c.want)
		}
	}
	db.bell.ring(news{2, 1}, news{2, 2})
	if !woken(other) || woken(other) {
		t.Error("who is not there is woken once")
	}
	stopFirst()
	stopFirst()
	if logs := db.bell.logs(); len(logs) != 2 {
		t.Errorf("%v are waited for", logs)
	}
	stopSecond()
	if logs := db.bell.logs(); len(logs) != 1 || logs[0] != 2 {
		t.Errorf("%v are waited for", logs)
	}
	third, stopThird := db.Changed(1)
	defer stopThird()
	if db.bell.ring(news{1, 7}); !woken(third) {
		t.Error("who comes anew knows nothing of what others were told")
	}
}
