"""Where words stand beside the points of a flat map, so that as few as possible lie on each other."""

from collections.abc import Sequence

import numpy as np

PLOTS = ((1000, 470), (310, 470))  # px of the plot on a wide screen and on a phone, which presses the points together
_LETTER, _LINE, _GAP = (
    0.56,
    1.15,
    8,
)  # a letter's width and a line's height as shares of the type's size; px off the point
# name in plotly → where the word's box lies: share of its width to the left of the point, share of its height below
_SIDES = {
    "top center": (0.5, 0.0), "bottom center": (0.5, 1.0), "middle right": (0.0, 0.5), "middle left": (1.0, 0.5),
    "top right": (0.0, 0.0), "top left": (1.0, 0.0), "bottom right": (0.0, 1.0), "bottom left": (1.0, 1.0),
}  # fmt: skip


def label_places(points: np.ndarray, labels: Sequence[str], size: int = 15) -> list[str]:
    """plotly's `textposition` of each of points [point, 2], drawn to one scale in both directions.

    One word after another takes the first side on which it covers the least of the words and points so far placed, on a wide
    screen and on a phone together.

    >>> label_places(np.array([[0.0, 0.0], [0.001, 0.0], [9.0, 5.0]]), ["mouse", "rabbit", "fox"])
    ['top center', 'bottom center', 'top center']
    """
    spread = np.maximum(np.ptp(points, axis=0), 1e-9)
    pixels = [points * min(width / spread[0], height / spread[1]) for width, height in PLOTS]  # a screen each
    dots = [np.concatenate([at - 5, at + 5], 1) for at in pixels]  # [point, (left, bottom, right, top)]
    placed, names = [np.empty((0, 4)) for _ in PLOTS], []
    for number, label in enumerate(labels):
        boxes = [np.stack([_box(at[number], len(label), size, side) for side in _SIDES.values()]) for at in pixels]
        others = [np.concatenate([words, np.delete(own, number, 0)]) for words, own in zip(placed, dots, strict=True)]
        best = int(np.argmin(np.sum([*map(_covered, boxes, others)], axis=0).round(3)))
        placed = [np.concatenate([words, box[best : best + 1]]) for words, box in zip(placed, boxes, strict=True)]
        names.append(list(_SIDES)[best])
    return names


def _box(pixel: np.ndarray, n_letters: int, size: int, side: tuple[float, float]) -> np.ndarray:
    """(left, bottom, right, top) of a word on a side of its point."""
    width, height = _LETTER * size * max(n_letters, 1), _LINE * size
    left = pixel[0] - side[0] * width + _GAP * (1 - 2 * side[0])
    bottom = pixel[1] - side[1] * height + _GAP * (1 - 2 * side[1])
    return np.array([left, bottom, left + width, bottom + height])


def _covered(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Area [box] that each box shares with all others."""
    low, high = np.maximum(boxes[:, None, :2], others[None, :, :2]), np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.maximum(high - low, 0).prod(-1).sum(1)
