"""Reads `go test -json` and prints what a person needs: a line for each package,
the whole output of failing tests, why tests were skipped, and the counts, which
it also appends to the file named by its argument.
"""

import collections
import json
import sys

counts = collections.Counter()
outputs = collections.defaultdict(list)
failed_packages = 0

for line in sys.stdin:
    try:
        event = json.loads(line)
    except ValueError:
        print(line, end="", flush=True)
        continue
    action, package, test = event.get("Action"), event.get("Package", ""), event.get("Test")
    key = (package, test)
    if action in ("output", "build-output"):
        if action == "build-output" or not test:
            text = event["Output"]
            if text not in ("PASS\n", "FAIL\n") and "[no test files]" not in text:
                print(text, end="", flush=True)
        else:
            outputs[key].append(event["Output"])
    elif action in ("pass", "fail", "skip"):
        if not test:
            failed_packages += action == "fail"
            continue
        counts[action] += 1
        text = outputs.pop(key, [])
        if action == "fail":
            print("".join(text), end="", flush=True)
        elif action == "skip":
            reason = " ".join(part.strip() for part in text if not part.startswith(("=== ", "--- ")))
            reason = reason.split("--- SKIP")[0].strip()
            print(f"skip\t{package} {test}: {reason}", flush=True)

# What is left belongs to tests that never ended, as after a panic.
for (package, test), text in outputs.items():
    print("".join(text), end="")
print(f"{counts['pass']} passed, {counts['fail']} failed, {counts['skip']} skipped")
with open(sys.argv[1], "a", encoding="utf-8") as file:
    file.write(f"{counts['pass']} {counts['fail']} {counts['skip']}\n")
sys.exit(1 if counts["fail"] or failed_packages or not sum(counts.values()) else 0)
