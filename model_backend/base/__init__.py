"""Words that everybody uses: the records that cross the door, errors, sentences for people, memory, progress.

Nothing here imports torch, transformers or another room.
"""

__all__ = [
    "anatomy_records",
    "continuation_records",
    "cuts",
    "embedding_records",
    "errors",
    "families",
    "inside_records",
    "languages",
    "machine",
    "memory",
    "position_records",
    "progress",
    "records",
    "sentences",
    "stopping",
    "version",
    "wanted",
    "word_lists",
    "writing_records",
]
