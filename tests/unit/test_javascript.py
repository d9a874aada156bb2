"""The browser's arithmetic without a browser, where Node is installed: numbers worked by hand, and `sampling.apply`."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from model_backend.engine import sampling
from tests.sampling_cases import CASES, check
from viz import sampling as view

FOLDER = Path(__file__).parents[1] / "js"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="no node: the browser's arithmetic was tested in Chromium only")


def run(*arguments: str, lines: str = "") -> str:
    """What Node prints. Fails with all of it where Node does."""
    ended = subprocess.run([NODE, *arguments], input=lines, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_numbers_worked_by_hand():
    assert "# fail 0" in run("--test", "--test-reporter=tap", *map(str, sorted(FOLDER.glob("*.test.mjs"))))


def test_the_browsers_sampling_is_the_backends():
    """Every setting there and back, one after the other: what one leaves behind must not reach the next."""
    cases = [(logits, history, [*grid, *grid[::-1]]) for logits, history, grid in CASES.values()]
    lines = [
        json.dumps({"bytes": base64.b64encode(view.logits(sampling.apply(logits), history, str)).decode(), "settings": grid})
        for logits, history, grid in cases
    ]  # fmt: skip
    answers = run(str(FOLDER / "sampled.mjs"), lines="\n".join(lines)).splitlines()
    for answer, (logits, history, grid) in zip(answers, cases, strict=True):
        for found, values in zip(json.loads(answer), grid, strict=True):
            check(found, logits, history, values)
