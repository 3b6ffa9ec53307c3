"""The README's picture of Figure 1: the still picture of one figure of notebook 06.

Usage: picture.py [REPO]

`lab run 06 --paper --commit` calls it, so that the picture is always the figure
that stands in the committed notebook.
"""

import base64
import json
import pathlib
import sys

NOTEBOOK = "06_figure1_kernel_alignment"
TITLE = "Targets sign(y), seed 1"
PICTURE = pathlib.Path("notebooks/pictures/figure1.png")


def still(notebook):
    """The PNG of the figure with the title, as bytes."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "".join(data.get("text/plain", "")).split("\n")[0] == TITLE and "image/png" in data:
                return base64.b64decode("".join(data["image/png"]))
    raise LookupError(f"no figure “{TITLE}” with a PNG in notebook {NOTEBOOK}: run it with rsvg-convert installed")


def refresh(repo):
    """Writes the picture from the committed notebook."""
    path = repo / "notebooks" / (NOTEBOOK + ".ipynb")
    picture = still(json.loads(path.read_text(encoding="utf-8")))
    target = repo / PICTURE
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(picture)
    part.replace(target)


if __name__ == "__main__":
    try:
        refresh(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    except LookupError as error:
        sys.exit(str(error))
