"""The app as it is, on a model that can be held up: `python -m tests.browser.hampered FOLDER [options of streamlit run]`.

While FOLDER/slow exists a pass waits in the middle; while FOLDER/full exists a long text asks there for more memory than any
machine has.
"""

import sys
import time
from pathlib import Path

import torch

from scripts import serve

FOLDER = Path(sys.argv.pop(1))
LONG = 20  # tokens


def hamper(module: torch.nn.Module, args: tuple) -> None:
    """Called before each module of every pass."""
    if type(module).__name__ != "GPT2MLP":
        return
    while (FOLDER / "slow").exists():
        time.sleep(0.05)
    if args[0].shape[-2] > LONG and (FOLDER / "full").exists():
        torch.empty(2**60, dtype=torch.uint8)


if __name__ == "__main__":
    torch.nn.modules.module.register_module_forward_pre_hook(hamper)
    serve.main()
