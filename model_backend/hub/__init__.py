"""A name becomes files on this machine that can be trusted, and a device and number format that they fit on.

Weights are judged by their headers before anything is built.
"""

__all__ = [
    "catalogue",
    "checkpoint",
    "devices",
    "download",
    "finding",
    "fitting",
    "hub_models",
    "model_kind",
    "quantization",
]
