"""What the Generation screen shows: nodes of a tree, samples and beams in, plain data for components and files out."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from model_backend.base.continuation_records import Choices, Chosen, Node
from model_backend.base.writing_records import Beams
from viz.labels import NO_BREAK, percent, visible
from viz.prediction import decimal

MAX_BEGUN = 80  # tokens of the prompt that are drawn


def bytes_text(n: int) -> str:
    """A size for people, in powers of 1,000.

    >>> bytes_text(384), bytes_text(61_440), bytes_text(3_145_728)
    ('384\xa0B', '61.4\xa0kB', '3.15\xa0MB')
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n >= size:
            return f"{n / size:.3g}{NO_BREAK}{unit}"
    return f"{n}{NO_BREAK}B"


def text_line(begun: Sequence[str], path: Sequence[Node], n_out: int, at: int) -> dict:
    """The text so far: the last tokens of the beginning with how many came before, and the written ones.

    `begun` are pieces, `path` nodes, `n_out` how many of all tokens the model no longer sees, `at` the node that is shown.
    """
    hidden = max(len(begun) - MAX_BEGUN, 0)
    return {
        "hidden": hidden,
        "begun": [{"label": visible(piece), "out": hidden + i < n_out} for i, piece in enumerate(begun[hidden:])],
        "written": [
            {
                "index": node.index,
                "label": visible(node.piece),
                "p": percent(node.p_model),
                "forced": node.dice is None,
                "end": node.is_end,
                "out": len(begun) + i < n_out,
                "now": node.index == at,
            }
            for i, node in enumerate(path)
        ],
    }


def choice_rows(choices: Choices, piece: Callable[[int], str], chosen: Chosen | None = None) -> list[dict]:
    """The likeliest tokens of a step; a chosen token that is not among them comes last. Bars are shares of the highest bar."""
    rows = [
        {
            "id": int(token_id),
            "label": visible(piece(int(token_id))),
            "rank": rank + 1,
            "p": percent(p),
            "final": percent(p_final),
            "share": float(p),
            "final_share": float(p_final),
            "kept": bool(kept),
            "chosen": chosen is not None and int(token_id) == chosen.token_id,
        }
        for rank, (token_id, p, p_final, kept) in enumerate(
            zip(choices.ids, choices.p_model, choices.p_final, choices.kept, strict=True)
        )
    ]
    if chosen is not None and not any(row["chosen"] for row in rows):
        rows.append(
            {
                "id": chosen.token_id,
                "label": visible(chosen.piece),
                "rank": chosen.rank,
                "p": percent(chosen.p_model),
                "final": percent(chosen.p_final),
                "share": chosen.p_model,
                "final_share": chosen.p_final,
                "kept": chosen.p_final > 0,
                "chosen": True,
            }
        )
    end = max((max(row["share"], row["final_share"]) for row in rows), default=1.0) or 1.0
    return [row | {"share": row["share"] / end, "final_share": row["final_share"] / end} for row in rows]


def strip(choices: Choices, piece: Callable[[int], str], chosen: Chosen | None) -> dict | None:
    """The line from 0 to 1 on which the dice fell: a part for each of the likeliest tokens, one for all others."""
    if chosen is None or chosen.dice is None:
        return None
    ends = np.cumsum(choices.p_final, dtype=np.float64)
    parts = [
        {"label": visible(piece(int(token_id))), "from": float(end - p), "to": float(min(end, 1.0))}
        for token_id, p, end in zip(choices.ids, choices.p_final, ends, strict=True)
        if p > 0
    ]
    return {"dice": chosen.dice, "begins": chosen.begins, "ends": chosen.ends, "parts": parts}


def tree(
    nodes: Sequence[Node], children: Callable[[int], Sequence[int]], at: int, on_path: set[int], begun: str
) -> dict:
    """Data of the `tree` component for continuations: nodes with the probability of their edge, leaves with their sum."""
    return {
        "nodes": [
            {
                "id": node.index,
                "parent": node.parent,
                "label": visible(node.piece) if node.parent is not None else begun,
                "edge": percent(node.p_model) if node.parent is not None else "",
                "state": "forced" if node.parent is not None and node.dice is None else "drawn",
                "leaf": decimal(node.joint_nats) if node.parent is not None and not children(node.index) else "",
                "now": node.index == at,
                "way": node.index in on_path,
            }
            for node in nodes
        ]
    }


def beam_tree(beams: Beams, piece: Callable[[int], str], begun: str) -> dict:
    """Data of the `tree` component for a beam search; the beginning is node −1, the best text is the marked way and
    stands on top, what was dropped below."""
    way, at = {-1}, beams.finished[0].index if beams.finished else None
    while at is not None:
        way.add(at)
        at = beams.hypotheses[at].parent
    scores = {text.index: text.score for text in beams.finished}
    root = {
        "id": -1,
        "parent": None,
        "label": begun,
        "edge": "",
        "state": "kept",
        "leaf": "",
        "now": False,
        "way": True,
    }
    nodes = [
        {
            "id": node.index,
            "parent": -1 if node.parent is None else node.parent,
            "label": visible(piece(node.token_id)),
            "edge": percent(math.exp(node.logprob_nats)),
            "state": "finished" if node.index in scores else "dropped" if node.state == "finished" else node.state,
            "leaf": decimal(scores.get(node.index, node.joint_nats)) if node.state != "kept" else "",
            "now": bool(beams.finished) and node.index == beams.finished[0].index,
            "way": node.index in way,
        }
        for node in beams.hypotheses
    ]
    return {"nodes": [root, *sorted(nodes, key=lambda node: (not node["way"], node["state"] == "dropped"))]}


def step_columns(path: Sequence[Node]) -> dict[str, list]:
    """The steps of a text as columns: what was taken, how, how likely, and what the step took."""
    chosen_from = _chosen_from(path)
    return {
        "step": [node.depth for node in path],
        "token": [node.piece for node in path],
        "id": [node.token_id for node in path],
        "chosen_by": ["dice" if node.dice is not None else "person" for node in path],
        "dice": [node.dice for node in path],
        "rank": [node.rank for node in path],
        "p_model": [node.p_model for node in path],
        "p_final": [node.p_final for node in path],
        "ln_p": [node.logprob_nats for node in path],
        "ln_p_so_far": [node.joint_nats for node in path],
        "entropy_bits": [choices.entropy_bits for choices in chosen_from],
        "tokens_kept": [choices.n_kept for choices in chosen_from],
        "tokens_read": [node.n_read for node in path],
        "seconds": [node.seconds for node in path],
        "cache_bytes": [node.cache_bytes for node in path],
    }


def _chosen_from(path: Sequence[Node]) -> list[Choices]:
    """The heads of the distributions of a path; the beginning alone has none."""
    return [node.choices for node in path if node.choices is not None]


def export(path: Sequence[Node], piece: Callable[[int], str], **about: object) -> dict:
    """A text with its steps and the likeliest tokens of each, for a JSON file."""
    columns = step_columns(path)
    steps = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for step, choices in zip(steps, _chosen_from(path), strict=True):
        step["likeliest"] = [
            {"token": piece(int(i)), "id": int(i), "p_model": float(p), "p_final": float(q)}
            for i, p, q in zip(choices.ids, choices.p_model, choices.p_final, strict=True)
        ]
    return about | {"steps": steps}
