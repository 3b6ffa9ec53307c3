package docker

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// queue runs cells as "Run all" does, all sent at once, interrupts the first when
// it has begun, and then runs one more. It prints the replies and the errors.
const queue = `
import json, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="gonb", extra_arguments=["-raw_error"])
replies, said = [], []
def run(cells):
    waiting = [client.execute(cell) for cell in cells]
    while waiting:
        message = client.get_iopub_msg(timeout=300)
        content = message["content"]
        if message["msg_type"] == "stream":
            said.append(content["text"])
            if "begun" in content["text"]:
                manager.interrupt_kernel()
        if message["msg_type"] == "error":
            said.extend(content["traceback"])
        if content.get("execution_state") == "idle" and message["parent_header"].get("msg_id") in waiting:
            waiting.remove(message["parent_header"]["msg_id"])
    for _ in cells:
        replies.append(client.get_shell_msg(timeout=60)["content"]["status"])
try:
    run(["import (\"fmt\"; \"time\")\n%%\nfmt.Println(\"begun\")\ntime.Sleep(100 * time.Second)", "%%\nfmt.Println(\"second\")", "%%\nfmt.Println(\"third\")"])
    run(["%%\nfmt.Println(\"later\")"])
    run(["%%\npanic(\"out of cheese\")", "%%\nfmt.Println(\"fourth\")"])
finally:
    manager.shutdown_kernel(now=True)
json.dump({"replies": replies, "said": "".join(said)}, sys.stdout)
`

// Cells that wait do not run after one that was interrupted or failed, those
// sent later do, and the interrupted one says so once.
func TestKernelQueue(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(python(t), "-c", queue).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Replies []string
		Said    string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := "error aborted aborted ok error aborted"; strings.Join(got.Replies, " ") != want {
		t.Errorf("the replies are %v, want %s", got.Replies, want)
	}
	if n := strings.Count(got.Said, "interrupt"); n != 1 {
		t.Errorf("%d times interrupted: %s", n, got.Said)
	}
	for _, silent := range []string{"second", "third", "fourth"} {
		if strings.Contains(got.Said, silent) {
			t.Errorf("the %s cell ran: %s", silent, got.Said)
		}
	}
	if !strings.Contains(got.Said, "later") {
		t.Errorf("the later cell did not run: %s", got.Said)
	}
}
