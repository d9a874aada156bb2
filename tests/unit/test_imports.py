"""The law of the house (docs/architecture.md): which room may import which, read off the import statements. Nothing is run.

Imports inside functions and for types alone count as well: an arrow is an arrow. A room offers what its `__all__` names.
"""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ROOMS = {  # room: the rooms that it may import
    "base": set(),
    "tokens": {"base"},
    "hub": {"base"},
    "engine": {"base", "tokens", "hub"},
    "maps": {"base", "hub"},
    "analysis": {"base", "tokens", "engine", "maps"},
    "writing": {"base", "tokens", "engine"},
    "serving": {"base", "tokens", "hub", "engine", "maps", "analysis", "writing"},
}
NEVER = {  # layer: what it never imports
    "model_backend": {"streamlit", "plotly", "viz", "pages", "training"},
    "viz": {"streamlit", "torch", "transformers", "tokenizers", "safetensors", "pages", "training"},
    "pages": {"torch", "transformers", "tokenizers", "safetensors", "training"},
    "app.py": {"torch", "transformers", "tokenizers", "safetensors", "training"},
}
FRONT_MAY = (  # what the screens know of the backend: records, questions, and what a model looks like from outside
    "model_backend.base", "model_backend.serving.asking", "model_backend.serving.background", "model_backend.serving.choosing",
    "model_backend.serving.questions", "model_backend.tokens.face", "model_backend.hub.catalogue", "model_backend.hub.fitting",
)  # fmt: skip
DOOR = {"door.py", "waiting.py", "server_settings.py"}  # of pages/common: they alone know who answers, and who waits
# inside a function these may import it: seconds that not everybody needs
NO_TORCH_AT_IMPORT = {"base", "tokens", "maps", "serving"}
TORCH = {"torch", "transformers"}
HEAVY = {"umap", "sklearn", "scipy"}  # in the backend only inside functions: seconds of import


class Import:
    """One imported name: `name` as written, dotted; whether it is imported whenever the file is."""

    def __init__(self, name: str, at_import: bool) -> None:
        self.name, self.at_import = name, at_import
        self.parts = name.split(".")

    @property
    def room(self) -> str | None:
        """The room of the backend that it leads into."""
        return (
            self.parts[1] if self.parts[0] == "model_backend" and self.parts[1:2] and self.parts[1] in ROOMS else None
        )


def imports(source: str) -> list[Import]:
    """Every import statement; of `from a import b` the name is a.b."""
    tree = ast.parse(source)
    later = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef) or _is_for_types(block)
        for node in ast.walk(block)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node not in later) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found += [Import(f"{base}.{alias.name}", node not in later) for alias in node.names]
    return found


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def uses_cache(source: str) -> bool:
    """Whether st.cache_data or st.cache_resource (under any name of streamlit) is used."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"}
        for node in ast.walk(ast.parse(source))
    ) or any(found.name in {"streamlit.cache_data", "streamlit.cache_resource"} for found in imports(source))


def breaches(path: Path, source: str) -> list[str]:
    """What a file imports against the law; `path` is relative to the repository."""
    layer, room = path.parts[0], path.parts[1] if len(path.parts) > 2 else None
    found = []
    for one in imports(source):
        bad = one.parts[0] in NEVER[layer] or one.name.startswith(".")
        if layer == "model_backend":
            bad |= one.at_import and one.parts[0] in HEAVY
            if room in ROOMS:
                bad |= room in NO_TORCH_AT_IMPORT and one.at_import and one.parts[0] in TORCH
                bad |= one.room not in {None, room} and one.room not in ROOMS[room]
                bad |= one.parts[0] == "model_backend" and one.room is None  # the public names are for others
        elif layer == "viz":
            bad |= one.parts[0] == "model_backend" and one.room != "base"
        elif one.room and not (path.name in DOOR and one.room == "serving"):
            bad |= not any(one.name == may or one.name.startswith(f"{may}.") for may in FRONT_MAY)
        if one.room and one.room != room and len(one.parts) > 2:
            bad |= one.parts[2] not in offered(one.room)
        if bad:
            found.append(f"{path} imports {one.name}")
    if layer in {"pages", "app.py"} and path.parts[:2] != ("pages", "common") and uses_cache(source):
        found.append(f"{path} uses st.cache_*, which belongs into pages/common")
    return found


def offered(room: str) -> set[str]:
    """What the `__init__` of a room names for others."""
    tree = ast.parse((ROOT / "model_backend" / room / "__init__.py").read_text("utf-8"))
    (names,) = [n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "__all__"]
    return set(ast.literal_eval(names))


def files() -> list[Path]:
    folders = ("model_backend", "viz", "pages")
    found = [ROOT / "app.py", *(file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))]
    return [file.relative_to(ROOT) for file in found]


def test_no_file_breaks_the_law():
    found = [breach for file in files() for breach in breaches(file, (ROOT / file).read_text("utf-8"))]
    assert not found, "\n".join(found)


def test_every_module_of_the_backend_is_in_a_room():
    strays = [str(file) for file in files() if file.parts[0] == "model_backend" and len(file.parts) == 2]
    assert strays == ["model_backend/__init__.py"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_offers_what_is_there(room):
    modules = {file.stem for file in (ROOT / "model_backend" / room).iterdir()}
    assert offered(room) <= modules


def arrows() -> dict[str, set[str]]:
    """module: the modules that it imports, for types too; both dotted."""
    modules = {".".join(file.with_suffix("").parts): file for file in files()}
    found = {}
    for name, file in modules.items():
        reached = {one.name for one in imports((ROOT / file).read_text("utf-8"))}
        reached |= {reach.rpartition(".")[0] for reach in reached}
        found[name] = {reach for reach in reached if reach in modules and reach != name}
    return found


def test_no_modules_stand_in_a_circle():
    try:
        TopologicalSorter(arrows()).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("model_backend/engine/trace.py", "import streamlit as st"),
        ("model_backend/engine/trace.py", "def f():\n    from plotly import graph_objects"),
        ("model_backend/engine/trace.py", "from model_backend.serving import shelf"),
        (
            "model_backend/engine/trace.py",
            "if TYPE_CHECKING:\n    from model_backend.analysis.heads import visible_keys",
        ),
        ("model_backend/engine/trace.py", "def f():\n    from model_backend.writing import beam"),
        ("model_backend/engine/trace.py", "from model_backend import open_model"),
        ("model_backend/engine/trace.py", "from . import lens"),
        ("model_backend/tokens/bpe.py", "from model_backend.hub.catalogue import describe"),
        ("model_backend/analysis/heads.py", "from model_backend.maps import projection_worker"),
        ("model_backend/maps/projection.py", "import umap"),
        ("model_backend/base/records.py", "import torch"),
        ("model_backend/base/records.py", "from model_backend.tokens import vocabulary"),
        ("viz/chips.py", "from streamlit import html"),
        ("viz/chips.py", "import torch.nn"),
        ("viz/chips.py", "from model_backend.engine.model import Model"),
        ("viz/chips.py", "from model_backend import open_model"),
        ("pages/1_Tokens.py", "import transformers"),
        ("pages/common/door.py", "import torch"),
        ("pages/1_Tokens.py", "from model_backend.engine.trace import Trace"),
        ("pages/1_Tokens.py", "def f():\n    from model_backend.analysis import heads"),
        ("pages/1_Tokens.py", "from model_backend.tokens.vocabulary import Vocabulary"),
        ("pages/1_Tokens.py", "from model_backend.serving.desk import Desk"),
        ("model_backend/serving/questions/reading.py", "import torch"),
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
        ("model_backend/maps/projection.py", "def f():\n    import umap"),
        ("model_backend/base/machine.py", "def f():\n    import torch"),
        ("model_backend/engine/sampling.py", "import numpy\nfrom model_backend.base.records import NextToken"),
        ("model_backend/analysis/heads.py", "from model_backend.analysis.dissection import dissect"),
        ("viz/chips.py", "import plotly.graph_objects as go\nfrom model_backend.base.records import Step"),
        ("viz/chips.py", "from model_backend.base import records"),
        ("pages/common/door.py", "import streamlit as st\n@st.cache_data\ndef f(): ..."),
        ("pages/common/door.py", "from model_backend.serving.desk import Desk"),
        ("pages/1_Tokens.py", "from model_backend.serving.questions.reading import next_token"),
        ("pages/1_Tokens.py", "from model_backend import sampling, open_model\nfrom viz import chips"),
    ],
)
def test_what_is_allowed_passes(path, source):
    assert breaches(Path(path), source) == []


def test_light_rooms_load_without_torch():
    """The import statements say it; this says that what they import does not bring torch in either."""
    light = [".".join(f.with_suffix("").parts) for f in files() if f.parts[1:2] and f.parts[1] in NO_TORCH_AT_IMPORT]
    code = (
        f"import sys, importlib; [importlib.import_module(name) for name in {['model_backend', *light]!r}]; "
        "sys.exit(' '.join(name for name in ('torch', 'transformers') if name in sys.modules) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
