package data

import "bytes"

// foreign are the kinds of files that are often found in place of a data file,
// by what they begin with, and what to do about each.
var foreign = []struct{ begins, is, todo string }{
	{"PK\x03\x04", "a zip archive", "unpack it and keep what it held under the usual name"},
	{"PK\x05\x06", "an empty zip archive", "download it again"},
	{"version https://git-lfs.github.com/spec/", "a Git LFS pointer, which stands for the file in a repository", "run `git lfs pull` there and copy the file itself"},
	{"\xfd7zXZ\x00", "compressed by xz", "unpack it"},
	{"BZh", "compressed by bzip2", "unpack it"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"},
	{"\x28\xb5\x2f\xfd", "compressed by zstd", "unpack it"},
	{"PAR1", "a Parquet table", "download the data set's original files"},
}

// web are the beginnings of a page, in small letters.
var web = []string{"<!doctype html", "<html", "<head", "<body", "<?xml"}

// sniffed is how many bytes foreignKind looks at.
const sniffed = 512

// foreignKind says what a file is that begins like a known kind that holds no
// data of ours, and what to do; "" for all others.
func foreignKind(head []byte) string {
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.begins)) {
			return "this is " + f.is + ": " + f.todo
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"))
	for _, begin := range web {
		if bytes.HasPrefix(text, []byte(begin)) {
			return "this is a web page (HTML): the address it came from shows a page, such as an error or a log-in, " +
				"in place of the file; download the file itself"
		}
	}
	return ""
}
