"""Reads any folder of plain texts as documents, drops repeated ones and splits the rest by hash.

A file `NAME.txt` or `NAME.txt.xz` is the source NAME. Its documents end at a line `<|endoftext|>`; a file without such a line
holds one document per line. Other files are left out.

>>> documents_of("One.\\nTwo.\\n<|endoftext|>\\nThree.")
['One.\\nTwo.', 'Three.']
"""

import hashlib
import lzma
import re
from collections.abc import Iterable
from pathlib import Path

END = "<|endoftext|>"
SENTENCE_END = re.compile(r"[.!?:;…]['\"”’)\]]*$")


def documents_of(text: str) -> list[str]:
    """The documents of one file, stripped, empty ones dropped."""
    has_marks = re.search(rf"^{re.escape(END)}\s*$", text, re.M) is not None
    parts = re.split(rf"^{re.escape(END)}\s*$", text, flags=re.M) if has_marks else text.splitlines()
    return [part.strip() for part in parts if part.strip()]


def unwrap(document: str) -> str:
    """Joins lines that were broken inside a sentence; a first line without a full stop counts as the title and stays.

    >>> unwrap("The Fox\\nOnce there was\\na fox. He\\nran.")
    'The Fox\\nOnce there was a fox. He ran.'
    """
    lines = [line.strip() for line in document.splitlines() if line.strip()]
    joined: list[str] = []
    for i, line in enumerate(lines):
        runs_on = joined and not SENTENCE_END.search(joined[-1]) and (i > 1 or line[:1].islower())
        if runs_on:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return "\n".join(joined)


def read_folder(folder: Path, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Documents by source, sources in alphabetical order; `names` keeps only those."""
    wanted = None if names is None else set(names)
    found: dict[str, list[str]] = {}
    for path in sorted(Path(folder).iterdir()):
        match = re.fullmatch(r"(.+)\.txt(\.xz)?", path.name)
        if not match or (wanted is not None and match[1] not in wanted):
            continue
        with (lzma.open if match[2] else open)(path, "rt", encoding="utf-8") as file:
            found[match[1]] = documents_of(file.read())
    return found


def fingerprint(document: str) -> int:
    """A 64-bit hash that does not see case, spacing or line breaks."""
    normal = " ".join(document.casefold().split())
    return int.from_bytes(hashlib.sha256(normal.encode()).digest()[:8], "big")


def without_repeats(sources: dict[str, list[str]]) -> dict[str, list[str]]:
    """Keeps the first of documents with the same fingerprint, over all sources."""
    seen: set[int] = set()
    kept: dict[str, list[str]] = {}
    for name, documents in sources.items():
        kept[name] = []
        for document in documents:
            mark = fingerprint(document)
            if mark not in seen:
                seen.add(mark)
                kept[name].append(document)
    return kept


def split(
    sources: dict[str, list[str]], held_out_per_mille: int = 20
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """(training, held-out). A document's own hash decides, so the split is the same for whatever else is read."""
    training = {
        name: [d for d in documents if fingerprint(d) % 1000 >= held_out_per_mille]
        for name, documents in sources.items()
    }
    held_out = {
        name: [d for d in documents if fingerprint(d) % 1000 < held_out_per_mille]
        for name, documents in sources.items()
    }
    return training, held_out


def simplicity(document: str, known_words: set[str]) -> float:
    """Share of a text's words that are known, less one point for each hundred words of mean sentence length."""
    words = re.findall(r"[a-z']+", document.lower())
    if not words:
        return 0.0
    n_sentences = max(1, len(re.findall(r"[.!?]", document)))
    return sum(word in known_words for word in words) / len(words) - 0.01 * len(words) / n_sentences


def common_words(documents: Iterable[str], n: int) -> set[str]:
    """The `n` most frequent lower-case words."""
    counts: dict[str, int] = {}
    for document in documents:
        for word in re.findall(r"[a-z']+", document.lower()):
            counts[word] = counts.get(word, 0) + 1
    return set(sorted(counts, key=lambda word: (-counts[word], word))[:n])


def simplest(documents: list[str], known_words: set[str], n_chars: int) -> list[str]:
    """The simplest documents that together have about `n_chars` characters, in their old order."""
    ranked = sorted(range(len(documents)), key=lambda i: -simplicity(documents[i], known_words))
    kept, total = set(), 0
    for i in ranked:
        if total >= n_chars:
            break
        kept.add(i)
        total += len(documents[i])
    return [document for i, document in enumerate(documents) if i in kept]
