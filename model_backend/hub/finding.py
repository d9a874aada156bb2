"""A name becomes a folder on this machine: looked up in the catalogue, then as a folder, then on the hub."""

import difflib
import re
from pathlib import Path

from model_backend.base.errors import ModelUnavailable
from model_backend.base.progress import Meter
from model_backend.base.sentences import Sentence
from model_backend.hub import catalogue
from model_backend.hub.download import hub_folder

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


def find_folder(name: str, revision: str | None = None, meter: Meter | None = None) -> Path:
    """The folder that holds the model of that name; raises ModelUnavailable if there is none."""
    printable = name.encode("utf-8", "replace").decode().replace("\0", "␀")
    shown = printable if len(printable) <= 80 else printable[:77] + "…"
    if not name.strip() or len(name) > 500 or printable != name or ".." in Path(name).parts:
        raise _unknown(shown)
    entry = catalogue.find(name)
    if entry is not None and entry.path is not None:
        return entry.path
    try:
        if Path(name).expanduser().is_dir():
            return Path(name).expanduser()
    except (OSError, RuntimeError):  # a name no file system takes; ~somebody unknown
        raise _unknown(shown) from None
    if not _HUB_ID.fullmatch(name) or name.startswith("bundled/") or ("/" not in name and _similar(name)):
        raise _unknown(shown)
    return hub_folder(name, revision, meter)


def _similar(name: str) -> list[str]:
    """Catalogue names that are spelt alike, with or without what stands before the slash."""
    names = {entry.name: entry.name for entry in catalogue.entries()}
    names |= {entry.name.split("/")[-1]: entry.name for entry in catalogue.entries()}
    return list(dict.fromkeys(names[match] for match in difflib.get_close_matches(name, names, n=3, cutoff=0.6)))


def _unknown(name: str) -> ModelUnavailable:
    suggestions = _similar(name)
    known = [entry.name for entry in catalogue.entries()]
    if suggestions:
        hint = Sentence("Did you mean {names}?", names=" · ".join(suggestions))
    elif known:
        hint = Sentence(
            "Choose {names}, a folder on this machine, or a hub id such as openai-community/gpt2.",
            names=", ".join(known),
        )
    else:
        hint = Sentence("Give a folder on this machine, or a hub id such as openai-community/gpt2.")
    return ModelUnavailable("There is no model “{name}”.", hint, reason="unknown", name=name, suggestions=suggestions)
