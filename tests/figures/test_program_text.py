"""Programs that people see: what is shown is the function that stands in viz/programs/, for what it is called with."""

import ast
import builtins
import itertools

import pytest

from viz import program_text
from viz.program_text import FOLDER, program

FILES = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__")
PROGRAMS = [
    (file, name)
    for file in FILES
    for name, function in program_text._read(file).functions.items()
    if ast.unparse(function.returns) == "None"
]
VALUES = {  # what a parameter may be, where that decides a branch
    "kind": ["decoder", "encoder", "encoder-decoder", "cross", "learned", "rotary", "alibi", "relative bias"],
    "family": ["gpt2", "gpt_neox", "llama", "bert", "marian"],
    "target": [None, [3, 1]],
    "temperature": [0, 1, 0.7],
    "repetition_penalty": [1, 1.2],
    "presence_penalty": [0, 0.5],
    "top_p": [1, 0.9],
}
OTHERS = {"text": 'it\'s "so"\n{x} \\', "ids": [1, 2], "words": {"a'": [1]}, "name": "a'b"}


@pytest.mark.parametrize(("file", "name"), PROGRAMS)
def test_whatever_it_is_called_with_it_is_whole(file, name):
    """Catches: a branch left open, a name that nothing gives a value, an argument that is not shown or not needed."""
    parameters = program_text._read(file).parameters(name)
    choices = [VALUES.get(parameter, [OTHERS.get(parameter, 2)]) for parameter in parameters]
    for values in itertools.product(*choices):
        arguments = dict(zip(parameters, values, strict=True))
        tree = ast.parse(program(file, name, **arguments))
        found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        stored = {node.id for node in found if isinstance(node.ctx, ast.Store)}
        imported = {alias.asname or alias.name for node in ast.walk(tree) for alias in getattr(node, "names", ())}
        loaded = {node.id for node in found if isinstance(node.ctx, ast.Load)}
        assert loaded <= stored | imported | set(dir(builtins)) and imported <= loaded, values
        given = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in tree.body[: len(stored)]
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in parameters
        }
        assert given.items() <= arguments.items() and given.keys() <= loaded


def test_what_is_decided_is_gone_and_what_is_called_stands_there():
    text = program("predicting", "guess", name="m", dtype="float32", kind="encoder", ids=[1], target=None, position=0)
    assert "if " not in text and "opened(" not in text and "kind" not in text
    assert "model = AutoModelForMaskedLM.from_pretrained(name, dtype=dtype)" in text
    assert text.startswith("import torch\nfrom transformers import AutoModelForMaskedLM, AutoTokenizer\n\nname = 'm'\n")


def test_a_long_table_has_a_line_an_entry():
    words = {f"word {i}": [i] for i in range(20)}
    text = program("inside", "nearest", name="m", dtype="float32", words=words)
    assert "words = {\n    'word 0': [0],\n" in text and max(map(len, text.splitlines())) < 100


def test_arguments_have_to_be_those_of_the_function():
    with pytest.raises(TypeError, match="takes name, text"):
        program("predicting", "tokens", name="m")


def test_a_call_that_names_things_differently_is_no_program(monkeypatch):
    source = program_text._Source("def two(a):\n    b = a\n    return b\n\ndef one(a):\n    c = two(a)\n    print(c)\n")
    monkeypatch.setattr(program_text, "_read", lambda file: source)
    with pytest.raises(ValueError, match="line 6 and two"):
        program("any", "one", a=1)
