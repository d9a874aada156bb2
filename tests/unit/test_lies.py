"""Checkpoints that lie: each is refused in plain words, before memory is eaten and without any code of theirs being run."""

import json
import resource
import struct
import time

import pytest
from safetensors.torch import load_file, save_file

from model_backend import BackendError, ModelUnavailable, UnsupportedArchitecture, open_model
from tests import tiny_models


def edit(path, change) -> None:
    """Let `change` alter the JSON in a file."""
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def refused(folder) -> BackendError:
    """The error with which a folder is refused: with a next step, at once, and cheaply."""
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BackendError) as error:
        open_model(str(folder))
    assert error.value.message.endswith(".") and error.value.hint.endswith(".")
    assert time.process_time() - start < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB
    return error.value


@pytest.mark.parametrize(
    "changes",
    [
        {"n_layer": 10**9}, {"n_layer": 3_000}, {"n_layer": 0}, {"n_layer": -1}, {"n_layer": 1.5}, {"n_layer": "many"},
        {"n_embd": -32}, {"n_embd": 0}, {"n_head": 0}, {"n_head": 7}, {"vocab_size": 10**12}, {"n_positions": -4},
        {"n_positions": 10**12}, {"activation_function": "__import__('os')"}, {"dtype": "float1"}, {"eos_token_id": [[1]]},
        {"model_type": ["gpt2"]}, {"layer_norm_epsilon": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_absurd_configs(tiny_folder, changes):
    """Catches: minutes of building 3,000 layers for a file that holds three; a ZeroDivisionError shown to a person."""
    edit(tiny_folder / "config.json", lambda config: config.update(changes))
    assert refused(tiny_folder).details["reason"] in ("broken", "too_big")


def test_a_config_too_deep_to_read(tiny_folder):
    (tiny_folder / "config.json").write_text("[" * 100_000)
    assert refused(tiny_folder).details["reason"] == "broken"


@pytest.mark.parametrize("method", ["bitsandbytes", "gptq"])
def test_weights_that_are_stored_quantized(tiny_folder, method):
    edit(
        tiny_folder / "config.json",
        lambda config: config.update(quantization_config={"quant_method": method, "bits": 4}),
    )
    error = refused(tiny_folder)
    assert isinstance(error, UnsupportedArchitecture) and method in error.message


def added(token_id: int) -> dict:
    return dict(
        id=token_id, content="<x>", single_word=False, lstrip=False, rstrip=False, normalized=False, special=True
    )


def _beyond(description):
    """The post-processor puts a token before each text that the model does not have."""
    description["post_processor"] = dict(
        type="TemplateProcessing",
        single=[{"SpecialToken": {"id": "<x>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        pair=[{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        special_tokens={"<x>": {"id": "<x>", "ids": [99_999], "tokens": ["<x>"]}},
    )


TOKENIZER_LIES = {
    "no vocabulary": lambda d: d["model"].update(vocab={}, merges=[]),
    "ids beyond the embedding": lambda d: d["model"]["vocab"].update(a=7_000),
    "a start token beyond the embedding": _beyond,
    "merges of nothing": lambda d: d["model"].update(merges=[["q", "nosuch"]]),
    "a negative id": lambda d: d["added_tokens"].append(added(-5)),
}


@pytest.mark.parametrize("lie", TOKENIZER_LIES.values(), ids=TOKENIZER_LIES.keys())
def test_tokenizers_that_lie(tiny_folder, lie):
    edit(tiny_folder / "tokenizer.json", lie)
    assert refused(tiny_folder).details["reason"] == "no_tokenizer"


@pytest.mark.parametrize("text", ["[]", "null", "\x00", '{"model": 3}'])
def test_a_tokenizer_file_that_is_none(tiny_folder, text):
    (tiny_folder / "tokenizer.json").write_text(text)
    assert refused(tiny_folder).details["reason"] == "no_tokenizer"


def test_a_word_piece_tokenizer_without_its_unknown_token(tmp_path):
    folder = tiny_models.save(tmp_path / "bert", "bert")
    edit(folder / "tokenizer.json", lambda d: [d["model"]["vocab"].pop(token) for token in ("[UNK]", "a")])
    assert "[UNK]" in refused(folder).message


def test_only_the_texts_that_hold_a_token_beyond_the_embedding_are_refused(tiny_folder):
    """Added tokens, the last of them past the 400 rows of the embedding; on a GPU looking it up would end the whole
    process. Catches: an IndexError."""
    description = json.loads((tiny_folder / "tokenizer.json").read_text())
    known = len(description["model"]["vocab"])
    description["added_tokens"] += [added(known) | {"content": f"<{i}>", "id": known + i} for i in range(200)]
    (tiny_folder / "tokenizer.json").write_text(json.dumps(description))
    model = open_model(str(tiny_folder))
    assert model.trace("the dog").logits().shape == (400,)
    for read in (model.tokenize, model.trace):
        with pytest.raises(ModelUnavailable) as error:
            read("the <199> dog")
        assert error.value.details["token_id"] == known + 199 and "400" in error.value.message


def _header(change):
    def damage(path):
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        change(next(tensor for name, tensor in header.items() if name != "__metadata__"))
        text = json.dumps(header).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])

    return damage


WEIGHT_LIES = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "a header of 10^18 bytes": lambda path: path.write_bytes(struct.pack("<Q", 10**18) + b"{}"),
    "a tensor of 10^18 numbers": _header(lambda t: t.update(shape=[10**9, 10**9], data_offsets=[0, 4 * 10**18])),
    "a negative size": _header(lambda t: t.update(shape=[-1])),
    "tensors on top of each other": _header(lambda t: t.update(data_offsets=[0, 8])),
    "an unknown format": _header(lambda t: t.update(dtype="F7")),
}


@pytest.mark.parametrize("lie", WEIGHT_LIES.values(), ids=WEIGHT_LIES.keys())
def test_weights_that_lie(tiny_folder, lie):
    lie(tiny_folder / "model.safetensors")
    assert refused(tiny_folder).details["reason"] == "broken"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(tiny_folder, value):
    path = tiny_folder / "model.safetensors"
    weights = load_file(path)
    weights["transformer.h.1.mlp.c_fc.weight"][0, 0] = value
    save_file(weights, path, metadata={"format": "pt"})
    assert "no numbers" in refused(tiny_folder).message


@pytest.mark.parametrize("shard", ["../outside.safetensors", "/etc/passwd", 3, None])
def test_an_index_leads_nowhere_outside_its_folder(tiny_folder, shard):
    (tiny_folder / "model.safetensors").rename(tiny_folder.parent / "outside.safetensors")
    (tiny_folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": shard}}))
    assert refused(tiny_folder).details["reason"] == "broken"


def test_links_inside_a_folder_are_followed_as_the_hub_makes_them(tiny_folder):
    for name in ("tokenizer.json", "model.safetensors"):
        (tiny_folder / name).rename(tiny_folder.parent / f"blob-{name}")
        (tiny_folder / name).symlink_to(tiny_folder.parent / f"blob-{name}")
    assert open_model(str(tiny_folder)).info.n_layers == 3
    (tiny_folder / "model.safetensors").unlink()
    (tiny_folder / "model.safetensors").symlink_to(tiny_folder / "model.safetensors")
    assert refused(tiny_folder).details["reason"] == "no_weights"


def test_code_beside_a_known_architecture_is_not_run(tiny_folder):
    """The architecture is one that transformers knows; the repository asks for its own code all the same."""
    (tiny_folder / "own.py").write_text(f"open({str(tiny_folder / 'pwned')!r}, 'w')\n")
    edit(
        tiny_folder / "config.json",
        lambda c: c.update(auto_map={"AutoModelForCausalLM": "own.Model", "AutoTokenizer": ["own.T", "own.T"]}),
    )
    assert type(open_model(str(tiny_folder)).network).__module__.startswith("transformers.")
    assert not (tiny_folder / "pwned").exists()


def test_an_end_token_that_is_none(tiny_folder):
    (tiny_folder / "generation_config.json").write_text('{"eos_token_id": "x"}')
    assert refused(tiny_folder).details["reason"] == "broken"


def test_a_chat_template_that_would_never_end(tiny_folder):
    (tiny_folder / "chat_template.jinja").write_text("{% for x in range(10**9) %}{{ x }}{% endfor %}")
    with pytest.raises(BackendError, match="chat template"):
        open_model(str(tiny_folder)).chat.prompt("hello")
