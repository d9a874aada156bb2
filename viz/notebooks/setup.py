"""The first cells of a notebook: where the backend is, the model, the text, one forward pass."""

from model_backend.base.version import VERSION
from viz.notebooks.look import Look

FIND = f"""
# Made with Tokenscope {VERSION}, which has to be here: installed, or as its folder with what its requirements.txt names.
# Of the folder: put this file there, start Jupyter there, or name it in the environment variable TOKENSCOPE.
import os
import sys
from pathlib import Path

starts = (os.environ.get("TOKENSCOPE", "."), Path.cwd(), *Path.cwd().parents)
folder = next((Path(start).resolve() for start in starts if (Path(start) / "model_backend").is_dir()), None)
if folder is not None:
    sys.path.insert(0, str(folder))

import tokenscope

os.chdir(tokenscope.TREE)   # some cards name the weights that ship by their path from here
if tokenscope.__version__ != "{VERSION}":
    print(f"Here it is Tokenscope {{tokenscope.__version__}}. Numbers may differ.")
"""
READS_NOTHING = ("tokens", "glossary")  # these screens look at the text before any model reads it


def opening(look: Look) -> str:
    """The model and the text, cut and hidden as on the screen; then one forward pass, where the screen needs one."""
    revision = f", revision={look.revision!r}" if look.revision else ""
    quantization = f", quantization={look.quantization!r}" if look.quantization else ""
    lines = [
        "import numpy as np",
        "from model_backend import SamplingSettings, open_model",
        "",
        f"model = open_model({look.name!r}{revision}, dtype={look.dtype!r}{quantization})",
        f"tokens = model.tokenize({look.prompt!r})",
    ]
    if look.hidden:
        lines.append(f"tokens = model.masked(tokens, {look.hidden!r})   # hidden from the model")
    if look.screen not in READS_NOTHING:
        lines += _reading(look)
    return "\n".join([*lines, f"position = {look.position}   # the token that is looked at", "print(tokens.pieces)"])


def _reading(look: Look) -> list[str]:
    if look.target is None:
        return ["trace = model.trace(tokens)   # one forward pass; everything below is asked of it"]
    return [
        f"target = {list(look.target)}   # what the decoder reads, its start token first",
        "trace = model.trace(tokens, target)   # one forward pass; everything below is asked of it",
    ]


def settings(look: Look) -> str:
    """The sampling settings of the screen."""
    names = {
        "temperature": "temperature", "top_k": "top_k", "top_p": "top_p", "min_p": "min_p", "repetition": "repetition_penalty",
        "presence": "presence_penalty", "frequency": "frequency_penalty",
    }  # fmt: skip
    given = ", ".join(f"{name}={look.shared[field]!r}" for field, name in names.items() if field in look.shared)
    return f"settings = SamplingSettings({given})\nseed = {look.shared.get('seed', 0)}"
