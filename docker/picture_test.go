package docker

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const pictured = "notebooks/06_figure1_kernel_alignment.ipynb"

// The README's picture is the figure that stands in the committed notebook.
func TestPictureIsTheNotebooks(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", pictured))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := os.ReadFile("../notebooks/pictures/figure1.png")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte(base64.StdEncoding.EncodeToString(picture))) {
		// In a notebook the text may stand in lines.
		text := strings.NewReplacer("\\n", "", "\"", "", ",", "", "\n", "", " ", "").Replace(string(raw))
		if !strings.Contains(text, base64.StdEncoding.EncodeToString(picture)) {
			t.Errorf("figure1.png is not in %s: run python3 docker/picture.py", pictured)
		}
	}
	if len(picture) > 200<<10 {
		t.Errorf("the picture has %d bytes", len(picture))
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(readme, []byte("](notebooks/pictures/figure1.png)")) {
		t.Error("the README does not show it")
	}
}

// The script takes the figure by its title, and says so where there is none.
func TestPictureScript(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	script, err := filepath.Abs("picture.py")
	if err != nil {
		t.Fatal(err)
	}
	repo := t.TempDir()
	if err := os.Mkdir(filepath.Join(repo, "notebooks"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(title string) {
		t.Helper()
		raw, err := json.Marshal(map[string]any{"cells": []any{
			map[string]any{"cell_type": "markdown", "source": title},
			map[string]any{"cell_type": "code", "outputs": []any{
				map[string]any{"data": map[string]any{"text/plain": []string{"Targets y, seed 1\n"}, "image/png": "b3RoZXI="}},
				map[string]any{"data": map[string]any{"text/plain": []string{title + "\n", "  kernel"}, "image/png": "cGljdHVyZQ==\n"}},
			}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(repo, pictured), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("Targets sign(y), seed 1")
	if out, err := exec.Command(python, script, repo).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, err := os.ReadFile(filepath.Join(repo, "notebooks/pictures/figure1.png")); err != nil || string(got) != "picture" {
		t.Errorf("%q, %v", got, err)
	}
	write("Targets sign(y), seed 2")
	if out, err := exec.Command(python, script, repo).CombinedOutput(); err == nil || !strings.Contains(string(out), "no figure") {
		t.Errorf("another title: %v, %s", err, out)
	}
}
