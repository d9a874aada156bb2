"""A text becomes ids and bytes, and back; how tokenizers merge, and what the same text costs in others.

Nothing here imports torch.
"""

__all__ = [
    "bpe",
    "chat",
    "comparison",
    "face",
    "segmentation",
    "tokenization",
    "vocabulary",
]
