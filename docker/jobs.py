"""Runs several notebooks at the same time, each by a process of its own."""

import concurrent.futures
import subprocess
import sys
import threading

import chosen


def run(notebooks, folder, count, command):
    """Calls the command with each notebook, count of them at a time,
    and returns whether each passed. What a notebook's process prints is printed
    as a whole, in the notebooks' order, whichever ends first."""
    running, lock, ending = {}, threading.Lock(), threading.Event()

    def one(path):
        with lock:
            if ending.is_set():
                return 1, ""
            process = running[path] = subprocess.Popen(
                [*command, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        told(running, folder)
        text, _ = process.communicate()
        with lock:
            del running[path]
        return process.returncode, text

    passed = []
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        try:
            for status, text in pool.map(one, notebooks):
                clear()
                print(text, end="", flush=True)
                told(running, folder)
                passed.append(status == 0)
        finally:
            # Nothing runs any more, unless this run was told to end.
            with lock:
                ending.set()
                for process in running.values():
                    process.terminate()
            clear()
    return passed


def told(running, folder):
    """Says at a terminal what runs now."""
    if sys.stdout.isatty():
        names = ", ".join(chosen.label(path, folder) for path in sorted(list(running)))
        print(f"\r\033[K     running {names}" if names else "\r\033[K", end="", flush=True)


def clear():
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
