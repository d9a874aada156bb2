"""Who may import whom (docs: the table of layers). The import statements are read, nothing is run."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAVY = {"umap", "sklearn", "scipy"}  # in the backend only inside functions: seconds of import
TORCH_FREE = {
    "records.py", "embedding_records.py", "position_records.py", "inside_records.py", "anatomy_records.py",
    "errors.py", "sampling.py", "catalogue.py", "hub_models.py", "fitting.py", "word_lists.py",
    "sentences.py",
}  # fmt: skip
FRONT = {"streamlit", "plotly", "viz", "pages"}
TORCH = {"torch", "transformers", "tokenizers", "safetensors"}


def imports(source: str) -> list[tuple[str, bool]]:
    """(module as written, whether at the top level) of every import statement; relative ones begin with a dot."""
    tree = ast.parse(source)
    inside = {
        node for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(f)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node not in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found += [(f"{base}.{alias.name}", node not in inside) for alias in node.names]
    return found


def uses_cache(source: str) -> bool:
    """Whether st.cache_data or st.cache_resource (under any name of streamlit) is used."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"}
        for node in ast.walk(ast.parse(source))
    ) or any(name in {"streamlit.cache_data", "streamlit.cache_resource"} for name, _ in imports(source))


def breaches(path: Path, source: str) -> list[str]:
    """What a file imports against the table; `path` is relative to the repository."""
    found = []
    layer = path.parts[0]
    for name, at_top in imports(source):
        top = name.split(".")[0]
        if layer == "model_backend":
            bad = top in FRONT or (top in HEAVY and at_top)
            if path.parts[1] in TORCH_FREE:
                light = ("records", "embedding_records", "errors", "fitting", "hub_models", "machine", "sentences")
                allowed = {f"model_backend.{module}" for module in light}
                bad |= top in TORCH or (top == "model_backend" and not any(name.startswith(a) for a in allowed))
        elif layer == "viz":
            bad = top in {"streamlit", "pages"} | TORCH or (
                top == "model_backend" and not name.startswith("model_backend.records")
            )
        else:
            bad = top in TORCH
        if bad:
            found.append(f"{path} imports {name}")
    if layer in {"pages", "app.py"} and path.parts[:2] != ("pages", "common") and uses_cache(source):
        found.append(f"{path} uses st.cache_*, which belongs into pages/common")
    return found


def files() -> list[Path]:
    folders = ("model_backend", "viz", "pages")
    return [ROOT / "app.py", *(file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))]


def test_no_file_breaches_the_table():
    found = [b for file in files() if file.exists() for b in breaches(file.relative_to(ROOT), file.read_text("utf-8"))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("model_backend/trace.py", "import streamlit as st"),
        ("model_backend/trace.py", "def f():\n    from plotly import graph_objects"),
        ("model_backend/projection.py", "import umap"),
        ("model_backend/records.py", "import torch"),
        ("model_backend/sampling.py", "from model_backend.trace import Trace"),
        ("viz/chips.py", "from streamlit import html"),
        ("viz/chips.py", "import torch.nn"),
        ("viz/chips.py", "from model_backend.model import Model"),
        ("viz/chips.py", "from model_backend import open_model"),
        ("pages/1_Tokens.py", "import transformers"),
        ("pages/common/cached.py", "import torch"),
        ("app.py", "from torch import nn"),
        ("pages/1_Tokens.py", "import streamlit as st\n@st.cache_data\ndef f(): ..."),
        ("pages/1_Tokens.py", "import streamlit\nstreamlit.cache_resource(max_entries=2)"),
        ("app.py", "from streamlit import cache_data"),
    ],
)
def test_a_planted_breach_is_caught(path, source):
    assert len(breaches(Path(path), source)) >= 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("model_backend/projection.py", "def f():\n    import umap"),
        ("model_backend/sampling.py", "import numpy\nfrom model_backend.records import NextToken"),
        ("viz/chips.py", "import plotly.graph_objects as go\nfrom model_backend.records import Step"),
        ("viz/chips.py", "from model_backend import records"),
        ("pages/common/cached.py", "import streamlit as st\n@st.cache_data\ndef f(): ..."),
        ("pages/1_Tokens.py", "from model_backend import sampling, open_model\nfrom viz import chips"),
    ],
)
def test_what_is_allowed_passes(path, source):
    assert breaches(Path(path), source) == []


def test_light_modules_load_without_torch():
    """The import statements say it; this says that what they import does not bring torch in either."""
    code = (
        "import sys; import model_backend, model_backend.records, model_backend.sampling, model_backend.catalogue; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
