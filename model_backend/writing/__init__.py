"""Many tokens: continuations of one beginning, beams, several texts side by side, and what the cache saves."""

__all__ = [
    "beam",
    "cache_cost",
    "held_caches",
    "paths",
    "repeating",
    "several",
]
