"""What the tests of the inner screens share: plain transformers, and the bytes that went to a component."""

import contextlib
import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

FOLDER = Path(__file__).parents[2] / "model_backend" / "bundled" / "storyteller"


@cache
def plain():
    """(tokenizer, model) as anybody would load them, with eager attention."""
    model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32, attn_implementation="eager").eval()
    model.requires_grad_(False)
    return AutoTokenizer.from_pretrained(FOLDER), model


@torch.no_grad()
def read(text: str):
    """(ids [pos], the model's output with attentions and hidden states)."""
    tokenizer, model = plain()
    ids = tokenizer(text, return_tensors="pt").input_ids
    return ids[0], model(ids, output_attentions=True, output_hidden_states=True)


def sent(at, name: str) -> tuple[dict, dict[str, np.ndarray]]:
    """(header, arrays in their shapes) that the one component of that name got."""
    (found,) = [c for c in at.get("bidi_component") if c.proto.component_name.endswith(f".{name}")]
    data = found.proto.bytes
    length = int(np.frombuffer(data[:4], np.uint32)[0])
    header, at_byte, arrays = json.loads(data[4 : 4 + length]), 4 + length, {}
    for about in header["arrays"]:
        n = int(np.prod(about["shape"])) * np.dtype(about["type"]).itemsize
        arrays[about["name"]] = np.frombuffer(data[at_byte : at_byte + n], about["type"]).reshape(about["shape"])
        at_byte += n
    assert at_byte == len(data)
    if "spans" in arrays:
        arrays["weights"] = unfolded(header, **arrays)
    return header, arrays


def unfolded(header: dict, spans: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The matrix of the component `attention` [row, column], with nan outside the span of each row, as the browser has it."""
    matrix = np.full((len(header["rows"]), len(header["columns"])), np.nan, np.float32)
    for row, (first, n), end in zip(matrix, spans, np.cumsum(spans[:, 1]), strict=True):
        row[first : first + n] = weights[end - n : end]
    return matrix


def rows(at, key: str) -> list[dict]:
    """The rows of the bars component with that widget key."""
    (found,) = [c for c in at.get("bidi_component") if key in c.proto.id]
    return json.loads(found.proto.json)["rows"]


def words_on(at) -> str:
    """Everything that the screen says in words, as HTML."""
    return " ".join(html.proto.body for html in at.get("html"))


def printed(code: str, monkeypatch) -> str:
    """What lines of code from a card print, run from the project's folder as a person would."""
    monkeypatch.chdir(FOLDER.parents[2])
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {})
    return output.getvalue()
