"""One model, many people: which models are open, what is kept, who waits for whom, what runs on beside the screens; the
questions that may be asked, and who answers them.

Nothing here imports torch before something is asked.
"""

__all__ = [
    "asking",
    "background",
    "choosing",
    "desk",
    "importing",
    "kept",
    "questions",
    "queueing",
    "remote",
    "shelf",
]
