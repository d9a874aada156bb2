"""The same text through several tokenizers: how many tokens, which ids, and the exact bytes of each.

Beside the tokenizers of models there are three plain yardsticks (bytes, characters, words) and OpenAI's cl100k_base and
o200k_base. Those two need data that no model ships: they come from tiktoken's cache or, with a network, from its download
(`pip install tiktoken`), else from the ranks inside the rs-bpe package, which works offline (`pip install rs-bpe`). Both packages
are optional; where neither helps, the record says why.
"""

import hashlib
import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model_backend.base.cuts import NO_OPENAI_DATA, OPENAI, OPENAI_SIZES, PLAIN, Cut
from model_backend.base.errors import ModelUnavailable
from model_backend.base.records import Tokenization

DOWNLOAD_SECONDS = 3.0


def by_tokenizer(text: str, tokenizer: object, name: str, title: str = "") -> Cut:
    """The cut of a Model or of a transformers fast tokenizer, without the special tokens that it puts around the text.

    A token the tokenizer does not know keeps its place, with no bytes. Raises InvalidText for text that is no Unicode.
    """
    is_model = hasattr(tokenizer, "vocabulary")
    tokens = tokenizer.tokenize(text) if is_model else _tokenize(tokenizer, text)
    inside = [i for i, (start, end) in enumerate(tokens.spans) if end > start or tokens.token_bytes[i]]
    return Cut(
        name,
        title or name,
        tuple(int(tokens.ids[i]) for i in inside),
        tuple(tokens.token_bytes[i] for i in inside),
        is_lossless=tokens.is_lossless,
        vocab_size=tokenizer.info.vocab_size if is_model else len(tokenizer),
    )


_vocabularies: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def _tokenize(tokenizer: object, text: str) -> Tokenization:
    from model_backend.tokens.tokenization import tokenize
    from model_backend.tokens.vocabulary import Vocabulary

    if tokenizer not in _vocabularies:
        special = frozenset(tokenizer.all_special_ids)
        _vocabularies[tokenizer] = Vocabulary(tokenizer.backend_tokenizer, special, len(tokenizer))
    return tokenize(_vocabularies[tokenizer], text, tokenizer.unk_token_id)


@lru_cache(maxsize=8)
def load_tokenizer(name_or_folder: str) -> object:
    """The tokenizer of a folder or of a model in the local Hugging Face cache; never from the network, never foreign code.

    Raises ModelUnavailable when there is none.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name_or_folder, local_files_only=True, trust_remote_code=False)
        tokenizer.backend_tokenizer.to_str()
    except Exception as error:  # many kinds: OSError, ValueError, broken JSON; each means there is no usable tokenizer
        raise ModelUnavailable(
            "There is no usable tokenizer called {name} on this machine.",
            "Load the model once while there is a network, or give the folder that holds its tokenizer.json.",
            reason="no_tokenizer",
            name=str(name_or_folder),
        ) from error
    return tokenizer


def installed() -> tuple[str, ...]:
    """The models of the local Hugging Face cache that have a tokenizer.json, by name. No network, no loading."""
    from huggingface_hub.constants import HF_HUB_CACHE

    found = {path.parents[2].name for path in Path(HF_HUB_CACHE).glob("models--*/snapshots/*/tokenizer.json")}
    return tuple(sorted(name.removeprefix("models--").replace("--", "/") for name in found))


def by_openai(text: str, name: str) -> Cut:
    """OpenAI's encoding of that name; text that looks like a special token is cut like any other text."""
    encoding = openai_encoding(name)
    if encoding is None:
        return Cut(name, f"OpenAI {name}", reason=NO_OPENAI_DATA)
    ids = tuple(encoding.encode(text))
    return Cut(
        name, f"OpenAI {name}", ids, tuple(map(encoding.bytes_of, ids)), encoding.source, vocab_size=encoding.vocab_size
    )


@dataclass(frozen=True, slots=True)
class Encoding:
    """An OpenAI encoding, whoever computes it: text to ids, an id to its bytes."""

    encode: Callable[[str], Sequence[int]]
    bytes_of: Callable[[int], bytes]
    source: str
    vocab_size: int


_rs_bpe: dict[str, Encoding] = {}
_tiktoken: dict[str, Encoding] = {}
_tiktoken_worker: threading.Thread | None = None
_lock = threading.Lock()


def openai_encoding(name: str) -> Encoding | None:
    """The encoding of that name, or None when its data is nowhere to be had. What was found is kept for the process.

    A machine that is offline must not wait: tiktoken, which may want the network, is asked once and aside, and is waited for
    DOWNLOAD_SECONDS at most. A slow download goes on and is there when it is asked for later.
    """
    global _tiktoken_worker
    with _lock:
        if _tiktoken_worker is None:
            _tiktoken_worker = threading.Thread(target=_ask_tiktoken, daemon=True, name="tiktoken")
            _tiktoken_worker.start()
            _tiktoken_worker.join(DOWNLOAD_SECONDS)
        if name not in _tiktoken and name not in _rs_bpe and (encoding := _from_rs_bpe(name)):
            _rs_bpe[name] = encoding
    return _tiktoken.get(name) or _rs_bpe.get(name)


def _ask_tiktoken() -> None:
    """Fill `_tiktoken` from its cache or by download; without either it stays as it is."""
    try:
        import tiktoken
    except ImportError:
        return
    for name in OPENAI:
        if os.environ.get("HF_HUB_OFFLINE") in ("1", "true", "TRUE", "ON", "YES") and not _in_tiktoken_cache(name):
            continue  # whoever keeps the Hugging Face hub offline wants no other download either
        try:
            encoding = tiktoken.get_encoding(name)
        except Exception:  # offline, proxy, full disk: whatever it is, this source gives nothing
            continue
        _tiktoken[name] = Encoding(
            encoding.encode_ordinary, encoding.decode_single_token_bytes, "tiktoken", OPENAI_SIZES[name]
        )


def _in_tiktoken_cache(name: str) -> bool:
    """Whether tiktoken has the ranks on disk (it names the file by the SHA-1 of the address)."""
    default = os.path.join(tempfile.gettempdir(), "data-gym-cache")
    folder = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR", default))
    address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
    return bool(folder) and os.path.exists(os.path.join(folder, hashlib.sha1(address.encode()).hexdigest()))


def _from_rs_bpe(name: str) -> Encoding | None:
    """The same ranks out of the rs-bpe package, which carries them inside."""
    try:
        from rs_bpe.bpe import openai
    except ImportError:
        return None
    tokenizer = getattr(openai, name)()
    core = tokenizer.bpe()
    return Encoding(
        tokenizer.encode, lambda token_id: bytes(core.decode_tokens([token_id])), "rs-bpe", OPENAI_SIZES[name]
    )


def compare(text: str, tokenizers: Sequence[tuple[str, str, object]] = ()) -> tuple[Cut, ...]:
    """The text through the given tokenizers (name, title, transformers tokenizer), OpenAI's two and the plain yardsticks."""
    of_models = [by_tokenizer(text, tokenizer, name, title) for name, title, tokenizer in tokenizers]
    return (*of_models, *(by_openai(text, name) for name in OPENAI), *(cut(text) for cut in PLAIN.values()))
