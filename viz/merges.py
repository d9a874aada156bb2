"""How a word is cut, as a ladder: one row a step, one column a start piece, so that every piece stands over what it is made of.

A MergeTrace in (model_backend.tokens.bpe), a plain dict for viz/components/merges out.
"""

from collections.abc import Collection, Sequence

from viz.labels import visible
from viz.tokens import label_of

MAX_TRIED = 8


def ladder(trace) -> dict:
    """Data for `merges`: for every stretch a grid with one column per start piece and one row per step.

    A cell has `start` and `span` in columns; `pairs` says at which border (column number) a pair of
    the merge table lies, its rank, and which one is joined.
    """
    build = {"bpe": _merge_rows, "wordpiece": _match_rows, "unigram": _choice_rows, "wordlevel": _merge_rows}[
        trace.kind
    ]
    return {
        "kind": trace.kind,
        "chunks": [
            {
                "text": visible(chunk.text),
                "whole": chunk.whole,
                "columns": _columns(chunk),
                "rows": _merge_rows(chunk) if chunk.whole else build(chunk),
            }
            for chunk in trace.chunks
        ],
    }


def _columns(chunk) -> int:
    return max(1, len(chunk.start))


def _cells(pieces: Sequence, start: Sequence, hot: Collection[int] = (), new: Collection[int] = ()) -> list[dict]:
    """Pieces laid over the columns of the start pieces, each as wide as the start pieces it is made of."""
    if len(pieces) == 1:
        spans = [max(1, len(start))]
    else:
        spans = _spans([piece.bytes for piece in pieces], [piece.bytes for piece in start])
    cells, column = [], 0
    for i, (piece, span) in enumerate(zip(pieces, spans, strict=True)):
        cells.append(
            {
                "label": label_of(piece.bytes),
                "id": piece.id,
                "start": column,
                "span": span,
                "hot": i in hot,
                "new": i in new,
            }
        )
        column += span
    return cells


def _spans(parts: list[bytes], start: list[bytes]) -> list[int]:
    """How many start pieces make each part (both spell the same bytes)."""
    spans, remaining = [], iter(start)
    for part in parts:
        n, length = 0, 0
        while length < len(part) and (piece := next(remaining, None)) is not None:
            n, length = n + 1, length + len(piece)
        spans.append(max(n, 1))
    return spans


def _merge_rows(chunk) -> list[dict]:
    rows = []
    new: list[int] = []
    for step in chunk.steps:
        cells = _cells(step.pieces, chunk.start, {p + side for p in step.positions for side in (0, 1)}, new)
        pairs = [
            {"at": cells[pair.position + 1]["start"], "rank": pair.rank, "chosen": pair.position in step.positions}
            for pair in step.pairs
        ]
        left, right = step.pieces[step.merged.position], step.pieces[step.merged.position + 1]
        rows.append(
            {
                "cells": cells,
                "pairs": pairs,
                "left": label_of(left.bytes),
                "right": label_of(right.bytes),
                "result": label_of(left.bytes + right.bytes),
                "rank": step.merged.rank,
                "n_pairs": len({pair.rank for pair in step.pairs}),
            }
        )
        new = [position - i for i, position in enumerate(step.positions)]
    rows.append({"cells": _cells(chunk.pieces, chunk.start, (), new), "pairs": [], "final": True})
    return rows


def _match_rows(chunk) -> list[dict]:
    """WordPiece: after each step the matches so far and the characters that are left."""
    rows = []
    done: list[dict] = []
    for match in chunk.matches:
        column = done[-1]["start"] + done[-1]["span"] if done else 0
        rest = [_character(chunk, i, hot=True) for i in range(column, len(chunk.start))]
        tried = [visible(text) for text in match.tried]
        found = visible(match.token)
        rows.append(
            {
                "cells": [*done, *rest],
                "pairs": [],
                "tried": tried[:MAX_TRIED],
                "n_tried": len(tried),
                "result": found,
            }
        )
        done = [{**cell, "new": False} for cell in done]
        if match.token:
            done.append(
                {"label": found, "id": -1, "start": column, "span": match.end - match.start, "hot": False, "new": True}
            )
    rows.append({"cells": _final_matches(chunk, done), "pairs": [], "final": True})
    return rows


def _character(chunk, i: int, hot: bool = False) -> dict:
    return {"label": label_of(chunk.start[i].bytes), "id": -1, "start": i, "span": 1, "hot": hot, "new": False}


def _final_matches(chunk, done: list[dict]) -> list[dict]:
    if not chunk.matches[-1].token:  # nothing fitted there: the whole word is one unknown token
        (piece,) = chunk.pieces
        return [
            {
                "label": visible(piece.token),
                "id": piece.id,
                "start": 0,
                "span": _columns(chunk),
                "hot": False,
                "new": True,
            }
        ]
    return [{**cell, "id": piece.id} for cell, piece in zip(done, chunk.pieces, strict=True)]


def _choice_rows(chunk) -> list[dict]:
    """Unigram: the best segmentations, each piece with its score, the sum at the end."""
    rows = []
    for choice in chunk.choices:
        cells, column = [], 0
        for piece, score in zip(choice.pieces, choice.scores, strict=True):
            label = visible(piece.replace("▁", " "))
            cells.append(
                {
                    "label": label,
                    "id": -1,
                    "start": column,
                    "span": len(piece),
                    "hot": False,
                    "new": False,
                    "score": score,
                }
            )
            column += len(piece)
        rows.append({"cells": cells, "pairs": [], "total": choice.total, "best": not rows})
    return rows or [{"cells": _cells(chunk.pieces, chunk.start), "pairs": [], "final": True}]


def columns(trace) -> dict[str, list]:
    """The table behind the ladder: one row a step (BPE), a match (WordPiece), a way of cutting (Unigram) or a stretch."""
    if trace.kind == "bpe":
        steps = [(chunk, i, step) for chunk in trace.chunks for i, step in enumerate(chunk.steps)]
        return {
            "stretch": [visible(chunk.text) for chunk, _, _ in steps],
            "step": [i + 1 for _, i, _ in steps],
            "pieces": [" ".join(label_of(piece.bytes) for piece in step.pieces) for *_, step in steps],
            "left": [label_of(step.pieces[step.positions[0]].bytes) for *_, step in steps],
            "right": [label_of(step.pieces[step.positions[0] + 1].bytes) for *_, step in steps],
            "rank": [step.merged.rank for *_, step in steps],
            "pairs_in_table": [len({pair.rank for pair in step.pairs}) for *_, step in steps],
        }
    if trace.kind == "wordpiece":
        matches = [(chunk, match) for chunk in trace.chunks for match in chunk.matches]
        return {
            "stretch": [visible(chunk.text) for chunk, _ in matches],
            "tried": [" ".join(match.tried) for _, match in matches],
            "found": [match.token for _, match in matches],
        }
    choices = [(chunk, choice) for chunk in trace.chunks for choice in chunk.choices]
    return {
        "stretch": [visible(chunk.text) for chunk, _ in choices],
        "pieces": [" ".join(choice.pieces) for _, choice in choices],
        "score": [choice.total for _, choice in choices],
    }
