"""Configuration of the Jupyter server that lab opens: what it does before it
saves a notebook.

The classic Notebook gives new cells no id. The server signs the notebook as it
came, then adds the ids and writes it, so that the signature never fits what was
written and the notebook's own figures stand still when it is opened again. The
ids are therefore added before.

The kernel tells its exact version, which the editor would leave in every
notebook that was opened and saved; the language is written as in the committed
notebooks, so that a diff shows what its author changed.
"""

import uuid

LANGUAGE = {"pygments_lexer": "go"}
LEFT_OUT = ("version",)


def complete(model, **_):
    """Changes the notebook about to be saved, in place."""
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    notebook = model["content"]
    if (notebook.get("nbformat"), notebook.get("nbformat_minor", 0)) >= (4, 5):
        used = {cell.get("id") for cell in notebook.get("cells", [])}
        for cell in notebook.get("cells", []):
            while not cell.get("id"):
                fresh = uuid.uuid4().hex[:8]
                if fresh not in used:
                    cell["id"] = fresh
                    used.add(fresh)
    metadata = notebook.get("metadata", {})
    if metadata.get("kernelspec", {}).get("name") == "gonb" and "language_info" in metadata:
        language = metadata["language_info"]
        language.update(LANGUAGE)
        for key in LEFT_OUT:
            language.pop(key, None)


# Jupyter gives get_config to the files it is configured by.
if "get_config" in globals():
    get_config().FileContentsManager.pre_save_hook = complete  # noqa: F821
