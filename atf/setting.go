package atf

import "os"

// Setting is "paper" where the environment variable ATF_SETTING says so, as
// `lab run --paper` does, and "quick" otherwise: whether a notebook takes the
// numbers of the paper or numbers that take a minute.
func Setting() string {
	if os.Getenv("ATF_SETTING") == "paper" {
		return "paper"
	}
	return "quick"
}

// BySetting chooses between the quick and the paper's value of something:
//
//	var epochs = atf.BySetting(30, 500)
func BySetting[T any](quick, paper T) T {
	if Setting() == "paper" {
		return paper
	}
	return quick
}
