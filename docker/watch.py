"""Measures the memory of a kernel and of what it starts: gopls, the compiler, the
running cell."""

import os
import threading

INTERVAL = 0.2  # seconds between two looks at /proc, each of which takes some milliseconds


class Memory:
    """The largest resident memory of a process and its descendants, in bytes.

    It is looked at several times a second, so a peak that is shorter can be
    missed; pages that processes share count for each. Where there is no /proc,
    the peak stays 0, which means that it is not known."""

    def __init__(self):
        self.peak = 0
        self._end = threading.Event()
        self._thread = None

    def start(self, pid):
        self._thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self):
        self._end.set()
        if self._thread:
            self._thread.join()

    def _watch(self, pid):
        while not self._end.is_set():
            self.peak = max(self.peak, resident(pid))
            self._end.wait(INTERVAL)


def resident(root):
    """The resident memory of a process and its descendants now, in bytes."""
    children, pages = {}, {}
    try:
        entries = os.listdir("/proc")
    except OSError:
        return 0
    for entry in entries:
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                # The name, in parentheses, may hold anything; the parent is the
                # second field after it, the resident pages are the 22nd.
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(int(fields[1]), []).append(int(entry))
        pages[int(entry)] = int(fields[21])
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += pages.get(process, 0)
        waiting += children.get(process, [])
    return total * os.sysconf("SC_PAGE_SIZE")


def shown(size):
    """A size in bytes as people write it, or nothing where it is not known."""
    if size <= 0:
        return ""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"
