"""Tokenscope in a notebook or a program of one's own: `from tokenscope import open_model`.

The names are those of `model_backend`. Where the package was installed, the tree (app.py, pages, viz, model_backend …) lies inside it;
in a checkout it lies around it. Importing tokenscope puts that folder at the end of `sys.path`, so that `model_backend` and `viz`
can be imported as in a checkout and hide nothing of the reader's own. No torch is imported before a model is opened.
"""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
TREE = _HERE / "tree" if (_HERE / "tree").is_dir() else _HERE.parent
"""The folder that holds app.py."""

if str(TREE) not in sys.path:
    sys.path.append(str(TREE))

import model_backend  # noqa: E402
from model_backend.base.version import VERSION as __version__  # noqa: E402

__all__ = ["TREE", "__version__", *model_backend.__all__]


def __getattr__(name: str):
    if name in model_backend.__all__:
        return getattr(model_backend, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
