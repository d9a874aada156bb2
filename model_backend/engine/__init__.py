"""Files become a model, a text becomes a trace, one token follows another.

What may be watched or changed in a forward pass, and what is known of each family, stands here.
"""

__all__ = [
    "attention",
    "bands",
    "generation",
    "incremental",
    "lens",
    "loading",
    "makers_rules",
    "model",
    "network",
    "passes",
    "readout",
    "recording",
    "rehearsal",
    "rounding",
    "sampling",
    "trace",
]
