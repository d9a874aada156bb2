"""Packs documents into rows of one fixed length, so that no position is wasted and no document is cut without need.

A row holds `row_length + 1` tokens: inputs are all but the last, targets all but the first. Every document stands between two
`<|endoftext|>`. A document longer than a row fills whole rows and its remainder opens another; shorter ones are placed
whole, best fit first (Johnson 1974), so that a row nearly always begins with `<|endoftext|>` as a prompt does.

>>> pack([[5, 6], [7]], row_length=8, end=0, seed=0).rows.shape
(1, 9)
"""

from dataclasses import dataclass

import numpy as np

from training.trainer import Batch


@dataclass(frozen=True, eq=False)
class Rows:
    """rows [n, row_length + 1] uint16, n_targets [n]: how many targets from the left are real, the rest is filling."""

    rows: np.ndarray
    n_targets: np.ndarray

    def batch(self, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(inputs, targets), both [len(index), row_length] int64; a target of -100 is not counted."""
        picked = self.rows[index].astype(np.int64)
        targets = picked[:, 1:].copy()
        targets[np.arange(targets.shape[1]) >= self.n_targets[index, None]] = -100
        return picked[:, :-1], targets


class RowBatches:
    """The rows in order, `batch_rows` at a time, again from the first after the last."""

    def __init__(self, rows: Rows, batch_rows: int):
        self.rows, self.batch_rows = rows, batch_rows

    def __getitem__(self, i: int) -> Batch:
        start = i * self.batch_rows
        return _as_batch(self.rows, np.arange(start, start + self.batch_rows) % len(self.rows.rows))


def each_once(rows: Rows, batch_rows: int) -> list[Batch]:
    """All rows once, the last batch maybe smaller."""
    n = len(rows.rows)
    return [_as_batch(rows, np.arange(start, min(start + batch_rows, n))) for start in range(0, n, batch_rows)]


def _as_batch(rows: Rows, index: np.ndarray) -> Batch:
    inputs, targets = rows.batch(index)
    return Batch((inputs, targets), inputs.size, int((targets >= 0).sum()))


class _OpenRows:
    """Rows with room left, found by the smallest sufficient room: one bit of an integer per amount of room."""

    def __init__(self, row_length: int):
        self.by_room: list[list[int]] = [[] for _ in range(row_length + 1)]
        self.mask = 0

    def put(self, row: int, room: int) -> None:
        self.by_room[room].append(row)
        self.mask |= 1 << room

    def take(self, need: int) -> tuple[int, int] | None:
        """The fullest row with at least `need` room, as (row, its room)."""
        fitting = self.mask >> need
        if not fitting:
            return None
        room = need + (fitting & -fitting).bit_length() - 1
        row = self.by_room[room].pop()
        if not self.by_room[room]:
            self.mask &= ~(1 << room)
        return row, room


def _cut(document: list[int], row_length: int, end: int) -> tuple[list[list[int]], list[int], bool]:
    """(full rows, what is left, whether what is left continues a full row)"""
    stream = [end, *document]
    full = []
    while len(stream) > row_length:
        full.append([*stream, end][: row_length + 1])
        stream = stream[row_length:]
    return full, stream, bool(full)


def pack(documents: list[list[int]], row_length: int, end: int, seed: int) -> Rows:
    """Rows in random order, documents in random order inside each row; the same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    full_rows: list[list[int]] = []
    contents: list[list[list[int]]] = []  # per open row its pieces
    pinned: list[bool] = []  # does its first piece continue another row?
    whole: list[list[int]] = []
    rows = _OpenRows(row_length)
    for i in rng.permutation(len(documents)):
        full, rest, continues = _cut(documents[i], row_length, end)
        full_rows += full
        if continues:
            rows.put(len(contents), row_length - len(rest))
            contents.append([rest])
            pinned.append(True)
        else:
            whole.append(rest)
    whole.sort(key=lambda piece: -len(piece) if len(piece) > row_length // 4 else 0)  # short ones stay in random order
    for piece in whole:
        row, room = rows.take(len(piece)) or (len(contents), row_length)
        if row == len(contents):
            contents.append([])
            pinned.append(False)
        contents[row].append(piece)
        rows.put(row, room - len(piece))
    return _lay_out(full_rows, contents, pinned, row_length, end, rng)


def _lay_out(full_rows, contents, pinned, row_length: int, end: int, rng: np.random.Generator) -> Rows:
    n = len(full_rows) + len(contents)
    out = np.full((n, row_length + 1), end, dtype=np.uint16)
    n_targets = np.full(n, row_length, dtype=np.int64)
    for i, row in enumerate(full_rows):
        out[i] = row
    for i, (pieces, keep_first) in enumerate(zip(contents, pinned, strict=True), start=len(full_rows)):
        head, tail = pieces[: int(keep_first)], pieces[int(keep_first) :]
        order = head + [tail[j] for j in rng.permutation(len(tail))]
        tokens = [token for piece in order for token in piece]
        out[i, : len(tokens)] = tokens
        n_targets[i] = len(tokens)  # the last of them is the closing end mark
    shuffled = rng.permutation(n)
    return Rows(out[shuffled], n_targets[shuffled])
