"""Runs notebooks in the Go kernel and writes them, with their HTML, to a folder.

Usage: execute.py --repo DIR --out DIR --log DIR [--timeout S] [--commit] [--jobs N]
                  -- [PREFIX …]

Each notebook gets a kernel of its own. The first failing cell ends its notebook,
is named with its error, and makes the exit status 1; what ran before it is
written all the same. A file that cannot be read as a notebook is named with the
reason and counts as failed; the others run. Which notebooks are meant by the
prefixes stands in chosen.py; several at once are the matter of jobs.py.
"""

import argparse
import html
import os
import pathlib
import re
import signal
import sys
import time
import traceback

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

import chosen
import jobs
import normalise
import picture
import readable
import watch


def main():
    # As Ctrl-C does, so that the kernel ends with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = parse()
    tell_results(options)
    if options.only:
        return 0 if attempt(options.only, options) else 1
    folder = options.repo / "notebooks"
    notebooks = chosen.notebooks(folder, options.prefixes)
    if options.jobs == 1 or len(notebooks) == 1:
        passed = [attempt(path, options) for path in notebooks]
    else:
        turns = chosen.in_turn(notebooks)
        passed = [ok for turn in turns for ok in jobs.run(turn, folder, options.jobs, command(options))]
    print(f"notebooks: {passed.count(True)} passed, {passed.count(False)} failed; see {options.out}")
    return 0 if all(passed) else 1


def tell_results(options):
    """Tells the page of reproductions where the results of this run lie. What is
    committed lies with the notebooks, and no older results may come between."""
    os.environ.pop("ATF_RESULTS", None)
    if not options.commit:
        os.environ["ATF_RESULTS"] = str(options.out.resolve())


def attempt(path, options):
    """Runs one notebook and prints how it went; whatever happens, the others run."""
    started, memory = time.monotonic(), watch.Memory()
    chosen.make_results(path, options)
    try:
        problems = run(path, options, memory)
    except readable.Unreadable as error:
        problems = [str(error)]
        remove(path, options)
    except Exception as error:
        log_path = chosen.log(path, options, ".error.log")
        log_path.write_text(traceback.format_exc(), encoding="utf-8")
        problems = [f"{type(error).__name__}: {error} ({log_path})"]
        remove(path, options)
    parts = [chosen.name(path, options), f"{time.monotonic() - started:.1f} s", watch.shown(memory.peak)]
    print("FAIL" if problems else "ok  ", "  ".join(part for part in parts if part), flush=True)
    for problem in problems:
        print(f"  {path.name}: {problem}", flush=True)
    return not problems


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repo", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--log", type=pathlib.Path, required=True)
    parser.add_argument("--timeout", type=int, default=0)
    parser.add_argument("--commit", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=pathlib.Path, help="one notebook, by its path (for jobs.py)")
    parser.add_argument("prefixes", nargs="*")
    return parser.parse_args()


def command(options):
    """This program with the same options, for one notebook that follows."""
    return [
        *(sys.executable, __file__, "--repo", options.repo, "--out", options.out, "--log", options.log),
        *("--timeout", str(options.timeout), *(["--commit"] if options.commit else []), "--only"),
    ]


def run(path, options, memory):
    """Executes one notebook; returns what went wrong, the first failure first."""
    notebook = readable.read(path)
    normalise.clear(notebook)
    assignment = "assignments" in path.relative_to(options.repo).parts
    problems = execute(notebook, path, options, memory)
    normalise.outputs(notebook)
    if not problems:
        problems = broken_figures(notebook) + surprises(notebook)
    if not problems:
        doubts = normalise.machine_paths(notebook, options.repo) + replacements(notebook)
        problems = doubts if options.commit else []
        for doubt in [] if options.commit else doubts:
            print(f"  {path.name}: warning: {doubt}")
    out = chosen.results(path, options)
    write(notebook, out / path.name)
    (out / (path.stem + ".html")).write_text(to_html(notebook, path.stem), encoding="utf-8")
    if options.commit and not problems and not assignment:
        write(notebook, path)
        if path.stem == picture.NOTEBOOK:
            try:
                picture.refresh(options.repo)
            except LookupError as error:
                print(f"  {path.name}: warning: {error}")
    return problems


def execute(notebook, path, options, memory):
    client = NotebookClient(
        notebook,
        kernel_name="gonb",
        timeout=options.timeout or None,
        interrupt_on_timeout=False,
        # Errors as text: GoNB's default is a page of HTML.
        extra_arguments=["-raw_error"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    log_path = chosen.log(path, options, ".log")
    index, number, group = 0, 0, None
    with open(log_path, "w", encoding="utf-8") as log:
        try:
            with client.setup_kernel(stderr=log):
                group = getattr(client.km.provisioner, "pgid", None)
                memory.start(getattr(client.km.provisioner, "pid", None) or os.getpid())
                for index, cell in enumerate(notebook.cells):
                    if cell.cell_type != "code":
                        continue
                    number += 1
                    progress(path.stem, index, len(notebook.cells))
                    client.execute_cell(cell, index, execution_count=number)
        except CellExecutionError as error:
            return [f"cell {index + 1} (code cell {number}) failed: {explain(cell, error)}"]
        except CellTimeoutError:
            return [f"cell {index + 1} (code cell {number}) ran longer than {options.timeout} s (ATF_CELL_TIMEOUT)"]
        except (DeadKernelError, RuntimeError) as error:
            where = f"cell {index + 1} (code cell {number})" if number else "before the first cell"
            return [f"{where}: the kernel died: {error}; its log is {log_path}"]
        finally:
            jobs.clear()
            memory.stop()
            end_group(group)
    return []


def broken_figures(notebook):
    """What charts says in the place of a figure or table that it cannot draw."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if 'class="gonb-atf-error"' in data.get("text/html", "") and "raises-exception" not in cell.metadata.get("tags", []):
                found.append(f"cell {number}: {data.get('text/plain', 'an error stands in the place of a figure')}")
    return found


def surprises(notebook):
    """The claims of charts.Claims that came out unexpectedly, by their names."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if not re.search(r'data-unexpected="[1-9]', data.get("text/html", "")):
                continue
            rows = [line.strip() for line in data.get("text/plain", "").splitlines() if line.rstrip().endswith("✗")]
            found += [f"cell {number}: unexpected: {re.split(r'  +', row)[0]}" for row in rows]
    return found


def replacements(notebook):
    """What atf/data says when it draws images although a folder with files was named."""
    lines = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                lines += [line for line in output.text.splitlines() if line.startswith(("NOT MNIST", "NOT CIFAR-10")) and line not in lines]
    return lines


def remove(path, options):
    """Removes what an earlier run left of a notebook that did not run now."""
    for name in (path.name, path.stem + ".html"):
        (chosen.results(path, options) / name).unlink(missing_ok=True)


def end_group(group):
    """Ends what a kernel left behind: a running cell, and gopls."""
    if group and group != os.getpgrp():
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass


def progress(name, index, total):
    if sys.stdout.isatty():
        print(f"\r\033[K     {name}  cell {index + 1} of {total}", end="", flush=True)


def explain(cell, error):
    """The cell's first line, the kernel's error and what stands in its output."""
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith(("%", "import"))]
    parts = [f"{error.ename}: {error.evalue}", *(["  at: " + lines[0]] if lines else [])]
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            parts += output.text.splitlines()[-15:]
        elif output.output_type == "display_data" and "gonb-err" in output.data.get("text/html", ""):
            parts += plain(output.data["text/html"])[-15:]
        elif output.output_type == "error":
            parts += "\n".join(output.traceback).splitlines()[-15:]
    return "\n      ".join(parts)


def plain(page):
    page = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", page)
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    return [line for line in text.splitlines() if line.strip()]


def to_html(notebook, title):
    exporter = HTMLExporter()
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    # Last in the head, over the styles of nbconvert.
    style = pathlib.Path(__file__).with_name("output.css").read_text(encoding="utf-8")
    head, end, rest = body.partition("</head>")
    return f"{head}<style>\n{style}</style>\n{end}{rest}" if end else body


def write(notebook, path):
    text = nbformat.writes(notebook, version=4)
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    os.replace(temporary, path)


if __name__ == "__main__":
    sys.exit(main())
