"""Many tokens: trees of continuations, beams, several texts side by side, the cache and reasons to stop."""

__all__ = [
    "beam",
    "cache_cost",
    "continuations",
    "held_caches",
    "path_reading",
    "several",
    "stopping",
]
