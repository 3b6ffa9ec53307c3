package notebooktest

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestKernel executes each notebook in the real Go kernel. The executed
// notebooks and their HTML are left in out/.
func TestKernel(t *testing.T) {
	if os.Getenv("ATF_KERNEL") == "" {
		t.Skip("ATF_KERNEL is not set; ./docker/lab test sets it and runs the notebooks in the kernel")
	}
	out, err := exec.Command("../lab", "run").CombinedOutput()
	if err != nil {
		t.Errorf("lab run: %v\n%s", err, out)
	}
	for _, file := range files(t) {
		t.Run(file, func(t *testing.T) {
			name := strings.TrimSuffix(path.Base(file), ".ipynb")
			if !strings.Contains(string(out), "ok   "+name+"  ") {
				t.Error("it did not run, or failed: what lab run printed says why")
			}
			nb, _ := read(t, filepath.Join(outFolder(), path.Base(file)))
			for i, c := range nb.Cells {
				for _, o := range c.Outputs {
					if o.Kind == "error" && !c.expectsError() {
						t.Errorf("cell %d: %s", i+1, o.Error)
					}
				}
			}
			if _, err := os.Stat(filepath.Join(outFolder(), name+".html")); err != nil {
				t.Error(err)
			}
		})
	}
}

func outFolder() string {
	if folder := os.Getenv("ATF_OUT"); folder != "" {
		return folder
	}
	return filepath.Join("..", "..", "out")
}
