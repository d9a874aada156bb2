"""Notebooks: the backend and the pictures work without Streamlit, the one in docs/ runs, and files are well formed."""

import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import tokenscope
from viz import notebooks
from viz.notebooks import cells

ROOT = Path(__file__).parents[2]
IN_JUPYTER = ROOT / "docs" / "tokenscope-in-jupyter.ipynb"


def look(**changes) -> notebooks.Look:
    """A decoder's prompt on the Attention screen."""
    usual = dict(
        screen="attention", title="Attention", question="Where does each token look?", about="Computed again.", kind="decoder",
        name="bundled/storyteller", revision="", dtype="float32", prompt="The dog", focus=1, hidden=(), target=None, target_focus=None,
    )  # fmt: skip
    return notebooks.Look(**usual | changes)


def card(title: str = "A card", **changes) -> dict:
    return {"title": title, "answer": "", "code": "", "numbers": True, "chosen": {}} | changes


def sources(text: str, kind: str) -> list[str]:
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def test_the_model_is_opened_with_the_quantization_of_the_screen():
    opens = [
        line
        for source in sources(notebooks.write(look(quantization="8-bit")), "code")
        for line in source.splitlines()
        if "= open_model(" in line
    ]
    assert opens == ["model = open_model('bundled/storyteller', dtype='float32', quantization='8-bit')"]


def test_backend_and_pictures_bring_no_streamlit():
    """All modules of both, in a process of its own."""
    code = (
        "import importlib, pkgutil, sys, model_backend, viz\n"
        "for package in (model_backend, viz):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if '.training' not in module.name and not module.name.endswith('_worker'):  # its process fits maps\n"
        "            importlib.import_module(module.name)\n"
        "sys.exit('streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_notebook_of_the_docs_runs_in_a_kernel_and_holds_no_output():
    notebook = nbformat.read(IN_JUPYTER, as_version=4)
    nbformat.validate(notebook)
    assert IN_JUPYTER.stat().st_size < 20_000
    assert not any(cell.get("outputs") for cell in notebook.cells)
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "print(sorted({'streamlit'} & set(sys.modules)), attention.sum(-1).round(4).tolist())"
        )
    )
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT / "docs")}}
    ).execute()
    figures = [
        out
        for cell in notebook.cells
        for out in cell.get("outputs", [])
        if "application/vnd.plotly.v1+json" in out.get("data", {})
    ]
    assert len(figures) == 4
    n = len(figures[0]["data"]["application/vnd.plotly.v1+json"]["layout"]["xaxis"]["ticktext"])
    assert notebook.cells[-1].outputs[0].text == f"[] {[1.0] * n}\n"


def test_a_card_without_cells_brings_its_own_lines():
    made = notebooks.write(look(shown={"new_card": card(code="answer = 6 * 7")}))
    assert sources(made, "code")[-1] == "answer = 6 * 7"


def test_a_card_that_only_says_why_there_is_nothing_has_no_cell():
    shown = {"layers_neurons": card(numbers=False), "layers_anatomy": card()}
    made = sources(notebooks.write(look(screen="layers", shown=shown)), "code")
    assert not any("import neurons" in cell for cell in made)
    assert "anatomy(model)" in made[-1]


def test_the_model_is_pinned_to_its_revision():
    made = sources(notebooks.write(look(name="openai-community/gpt2", revision="607a30d")), "code")
    assert "open_model('openai-community/gpt2', revision='607a30d', dtype='float32')" in made[1]


def test_the_version_that_made_it_is_named(capsys):
    text = notebooks.write(look())
    assert nbformat.reads(text, as_version=4).metadata["tokenscope"] == {"version": tokenscope.__version__}
    first = sources(text, "code")[0]
    assert f"# Made with Tokenscope {tokenscope.__version__}," in first
    exec(first, {})
    assert capsys.readouterr().out == ""
    exec(first.replace(tokenscope.__version__, "0.0.9"), {})
    assert f"Here it is Tokenscope {tokenscope.__version__}" in capsys.readouterr().out


def test_what_is_hidden_and_what_a_decoder_reads_are_given():
    assert "tokens = model.masked(tokens, (2, 3))" in sources(notebooks.write(look(hidden=(2, 3))), "code")[1]
    made = sources(notebooks.write(look(kind="encoder-decoder", target=(9, 4), target_focus=1)), "code")[1]
    assert "model.trace(tokens, target)" in made
    assert "target = [9, 4]" in made
    assert "position = 1 " in made


def test_the_tokens_screen_cuts_a_text_that_no_model_could_read():
    assert not any("model.trace" in cell for cell in sources(notebooks.write(look(screen="tokens")), "code"))


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "**bold** _it_ `x`", "$x$ | a # b", "[l](javascript:alert(1))"]
)
def test_words_are_shown_letter_by_letter(text):
    """Markdown takes a backslash before punctuation as that sign itself."""
    written = cells.escaped(text)
    assert written.replace("\\", "") == text
    bare = [c for i, c in enumerate(written) if c in "<>*_`$[]()|#" and (i == 0 or written[i - 1] != "\\")]
    assert not bare


def test_html_of_a_card_becomes_its_text():
    assert cells.plain("It is <b>5 &lt; 6</b>.") == "It is 5 \\< 6\\."


def test_the_middle_of_the_model_is_looked_at_unless_another_head_was_chosen():
    shown = {"attention_overview": card(), "attention_head": card()}
    namespace: dict = {}
    for source in sources(notebooks.write(look(shown=shown, shared={"layer": None, "head": None})), "code"):
        exec(source.replace("figure.show()", ""), namespace)
    assert (namespace["layer"], namespace["head"]) == (3, 0)
    assert np.allclose(namespace["attention_head"].sum(-1), 1, atol=1e-5)
