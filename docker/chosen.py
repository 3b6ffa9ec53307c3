"""Which notebooks a run is about, and where their results go."""

import shutil
import sys

OWN = "mine"  # the folder of notebooks that are their user's, which run only when named
PAGE = "00_reproduction"  # what all others found: it reads them, and so runs after them


def notebooks(folder, prefixes):
    """The notebooks whose names begin with one of the prefixes, or all but the
    user's own. Those are meant by a prefix that begins with mine/, or is mine.
    A path, as the shell completes it, is as good as a name."""
    every = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    ours = [path for path in every if not owned(path, folder)]
    own = [path for path in every if owned(path, folder)]
    ours.sort(key=is_page)
    if not prefixes:
        if not ours:
            sys.exit(f"lab: there is no notebook in {folder}")
        return ours
    found = []
    for prefix in prefixes:
        parts = [part for part in prefix.split("/") if part not in ("", ".")]
        start = "" if parts[-1:] == [OWN] else "".join(parts[-1:])
        among = own if OWN in parts else ours
        hits = [path for path in among if path.name.startswith(start)]
        if not hits:
            names = ", ".join(label(path, folder) for path in ours + own) or "none"
            sys.exit(f"lab: no notebook begins with {prefix!r}; there are: {names}")
        found += [path for path in hits if path not in found]
    return sorted(found, key=is_page)


def is_page(path):
    return path.stem == PAGE


def in_turn(notebooks):
    """The notebooks that may run at the same time, and then the page."""
    groups = [path for path in notebooks if not is_page(path)], [path for path in notebooks if is_page(path)]
    return [group for group in groups if group]


def owned(path, folder):
    return path.relative_to(folder).parts[0] == OWN


def label(path, folder):
    return f"{OWN}/{path.stem}" if owned(path, folder) else path.stem


def name(path, options):
    """What the notebook is called on the screen."""
    return label(path, options.repo / "notebooks")


def results(path, options):
    """The folder of its results: a user's notebook may have the name of another."""
    return options.out / OWN if owned(path, options.repo / "notebooks") else options.out


def make_results(path, options):
    """Makes that folder. HTML finds the drawing library beside itself."""
    folder = results(path, options)
    folder.mkdir(parents=True, exist_ok=True)
    for library in options.out.glob("echarts-*.min.js"):
        if not (folder / library.name).exists():
            shutil.copyfile(library, folder / library.name)


def log(path, options, suffix):
    return options.log / (name(path, options).replace("/", "-") + suffix)
