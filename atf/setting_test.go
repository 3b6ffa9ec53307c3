package atf

import "testing"

func TestSetting(t *testing.T) {
	for value, want := range map[string]string{"": "quick", "quick": "quick", "paper": "paper", "other": "quick"} {
		t.Setenv("ATF_SETTING", value)
		if got := Setting(); got != want {
			t.Errorf("ATF_SETTING=%q: %q", value, got)
		}
		if got := BySetting("quick", "paper"); got != want {
			t.Errorf("ATF_SETTING=%q chose %q", value, got)
		}
	}
}
