"""Many dimensions become two, in a process of their own, and the finished maps are kept.

Nothing here imports torch.
"""

__all__ = [
    "map_store",
    "projection",
    "projection_jobs",
]
