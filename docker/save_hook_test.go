package docker

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// contentsManager begins a script with the server's FileContentsManager and the folder
// that the command names, or ends it with "none" where there is no server.
const contentsManager = `
import os, sys, warnings
warnings.filterwarnings("ignore")
try:
    from notebook.services.contents.filemanager import FileContentsManager
except ImportError:
    try:
        from jupyter_server.services.contents.filemanager import FileContentsManager
    except ImportError:
        print("none"); sys.exit()
from traitlets.config.loader import PyFileConfigLoader
folder = sys.argv[1]
os.environ["JUPYTER_DATA_DIR"] = folder
`

// A notebook that its author ran and saved is still trusted when it is opened
// again, also with a cell added by the classic Notebook, which gives it no id;
// and what the kernel tells of its version stays out of the file. The signing
// and the writing are the server's own.
func TestSavedNotebookStaysTrusted(t *testing.T) {
	const script = contentsManager + `
import json
figure = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>1</script>"}}
def cells():
    return [{"cell_type": "code", "id": "a", "metadata": {"trusted": True}, "execution_count": 1, "source": "1", "outputs": [figure]},
            {"cell_type": "markdown", "metadata": {}, "source": "new"}]
def saved(name, config):
    manager = FileContentsManager(root_dir=folder, config=config)
    content = {"nbformat": 4, "nbformat_minor": 5, "cells": cells(), "metadata": {"kernelspec": {"name": "gonb", "display_name": "Go", "language": "go"},
        "language_info": {"name": "go", "pygments_lexer": "", "version": "go1.26.8"}}}
    manager.save({"type": "notebook", "format": "json", "content": content}, name)
    again = manager.get(name)["content"]
    raw = json.load(open(os.path.join(folder, name)))
    return again["cells"][0]["metadata"].get("trusted"), raw["metadata"]["language_info"], len({c["id"] for c in raw["cells"]})
print(saved("with.ipynb", PyFileConfigLoader("save_hook.py", os.getcwd()).load_config()))
print(saved("without.ipynb", None))
# Notebooks of older formats have no ids, and other files are let alone.
import save_hook
old = {"type": "notebook", "content": {"nbformat": 4, "nbformat_minor": 4, "cells": [{"source": "x"}]}}
save_hook.complete(model=old, path="x", contents_manager=None)
text = {"type": "file", "content": "x"}
save_hook.complete(model=text)
print("id" in old["content"]["cells"][0], text)
`
	python, folder := pythonForNotebooks(t), t.TempDir()
	cmd := exec.Command(python, "-W", "ignore", "-c", script, folder)
	cmd.Env = append(os.Environ(), "PYTHONPATH=.", "PYTHONDONTWRITEBYTECODE=1", "JUPYTER_CONFIG_DIR="+filepath.Join(folder, "config"))
	raw, err := cmd.CombinedOutput()
	out := strings.TrimSpace(string(raw))
	if out == "none" {
		t.Skip("no Jupyter server on this machine")
	}
	lines := strings.Split(out, "\n")
	if err != nil || len(lines) != 3 {
		t.Fatalf("%v: %s", err, out)
	}
	if want := "(True, {'name': 'go', 'pygments_lexer': 'go'}, 2)"; lines[0] != want {
		t.Errorf("saved with the hook: %s, want %s", lines[0], want)
	}
	if strings.HasPrefix(lines[1], "(True") {
		t.Log("this server keeps the trust of cells without an id by itself")
	}
	if want := "False {'type': 'file', 'content': 'x'}"; lines[2] != want {
		t.Errorf("what is no notebook with ids: %s, want %s", lines[2], want)
	}
}

// Opening and saving a committed notebook leaves its file as it was, whatever
// the kernel tells of its language and version.
func TestSavedNotebookIsUnchanged(t *testing.T) {
	const script = contentsManager + `
import pathlib, shutil
manager = FileContentsManager(root_dir=folder, config=PyFileConfigLoader("save_hook.py", os.getcwd()).load_config())
for path in sorted(pathlib.Path("../notebooks").glob("*.ipynb")):
    shutil.copy(path, folder)
    content = manager.get(path.name)["content"]
    content["metadata"]["language_info"] = {"name": "go", "version": "go1.26.8", "mimetype": "text/x-go",
        "file_extension": ".go", "pygments_lexer": "", "codemirror_mode": "", "nbconvert_exporter": ""}
    manager.save({"type": "notebook", "format": "json", "content": content}, path.name)
    print(path.name, pathlib.Path(folder, path.name).read_bytes() == path.read_bytes())
`
	python, folder := pythonForNotebooks(t), t.TempDir()
	cmd := exec.Command(python, "-W", "ignore", "-c", script, folder)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "JUPYTER_CONFIG_DIR="+filepath.Join(folder, "config"))
	raw, err := cmd.CombinedOutput()
	out := strings.TrimSpace(string(raw))
	if out == "none" {
		t.Skip("no Jupyter server on this machine")
	}
	if err != nil || !strings.Contains(out, "00_start.ipynb ") {
		t.Fatalf("%v: %s", err, out)
	}
	for _, line := range strings.Split(out, "\n") {
		if !strings.HasSuffix(line, " True") {
			t.Errorf("saving it as it was opened changes it: %s", line)
		}
	}
}
