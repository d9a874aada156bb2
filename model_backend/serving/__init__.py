"""One model, many people: which models are open, what is kept, who waits for whom, what runs on beside the screens."""

__all__ = [
    "background",
    "kept",
    "queueing",
    "shelf",
]
