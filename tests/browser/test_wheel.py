"""The wheel: built, installed into a fresh environment elsewhere, started there, and seen in a real browser.

The environment borrows the packages of the running one through a .pth file, which brings no second PyTorch and no checkout.
"""

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from playwright.sync_api import expect

from model_backend.base.version import VERSION
from scripts.live import ROOT, running_command
from tests.app import inside
from tests.browser.conftest import Visitor

PROMPT = "The dog's bark was"
BESIDE = ("app", "asgi", "pages", "viz", "model_backend", "scripts", "tests", "training")
NOT_FOR_RUNNING = {"chromium", "live", "messages", "mutants", "screenshots"}  # of scripts/
PROGRAM = f"""
import importlib.util, json, sys

assert not [name for name in {BESIDE} if importlib.util.find_spec(name)]
import tokenscope

assert "torch" not in sys.modules
assert set(tokenscope.__all__) <= set(dir(tokenscope))
from tokenscope import SamplingSettings, open_model

best = open_model("bundled/storyteller").next_token({PROMPT!r}, SamplingSettings())
print(json.dumps([best.ids[:50].tolist(), best.p_model[:50].tolist()]))
"""


def pip(*arguments: object) -> None:
    """Run the pip of this environment. Raises CalledProcessError."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, cwd=ROOT)


def build(source: Path, folder: Path) -> Path:
    """The wheel built from a checkout or an sdist."""
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, source)
    (wheel,) = folder.glob("*.whl")
    return wheel


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """The folder of the programs of a fresh environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.create(folder)
    paths = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    borrowed = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "borrowed.pth").write_text("\n".join(borrowed))
    programs = Path(sysconfig.get_path("scripts", "venv", vars=paths))
    pip("--python", programs / "python", "install", "--no-deps", "--no-index", wheel)
    assert {path.name for path in site.iterdir()} == {"borrowed.pth", "tokenscope", f"tokenscope-{VERSION}.dist-info"}
    return programs


@pytest.fixture
def elsewhere(tmp_path):
    """An empty folder to start in and an environment that knows nothing of the checkout or of this person's settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TOKENSCOPE_"))}
    return {"cwd": tmp_path, "env": inherited | {"HF_HUB_OFFLINE": "1", "XDG_CONFIG_HOME": str(tmp_path / "config")}}


def test_the_wheel_holds_the_tree_and_nothing_beside_tokenscope(wheel):
    names = set(contents(wheel))
    assert {name.partition("/")[0] for name in names} == {"tokenscope", f"tokenscope-{VERSION}.dist-info"}
    travels = [ROOT / name for name in ("app.py", "asgi.py", "tokenscope.toml", ".streamlit/config.toml")]
    travels += [path for top in ("pages", "viz", "model_backend", "locale") for path in (ROOT / top).rglob("*")]
    travels += [path for path in (ROOT / "scripts").glob("*.py") if path.stem not in NOT_FOR_RUNNING]
    travels = [path.relative_to(ROOT) for path in travels if path.is_file() and "__pycache__" not in path.parts]
    expected = {f"tokenscope/tree/{path.as_posix()}" for path in travels}
    assert {name for name in names if name.startswith("tokenscope/tree/")} == expected


def test_the_wheel_asks_for_what_the_requirements_name(wheel):
    asked = contents(wheel)[f"tokenscope-{VERSION}.dist-info/METADATA"].decode()
    found = {Requirement(line) for line in re.findall(r"^Requires-Dist: (.*)$", asked, re.MULTILINE)}
    wanted = {Requirement(line) for line in lines(ROOT / "requirements.txt")}
    wanted |= {Requirement(f"{line}; extra == 'quantized'") for line in lines(ROOT / "requirements-quantized.txt")}
    assert found == wanted


def lines(requirements: Path) -> list[str]:
    return [line for line in requirements.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def test_the_source_distribution_builds_the_same_wheel(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path], check=True, cwd=ROOT)
    (source,) = tmp_path.glob("*.tar.gz")
    assert contents(build(source, tmp_path / "wheel")) == contents(wheel)


def test_the_command_says_its_version(programs, elsewhere):
    said = subprocess.run(
        [programs / "tokenscope", "--version"], capture_output=True, text=True, check=True, **elsewhere
    )
    assert said.stdout == f"Tokenscope {VERSION}\n"


def test_in_a_notebook_the_numbers_are_those_of_plain_transformers(programs, elsewhere):
    ran = subprocess.run(
        [programs / "python", "-c", PROGRAM], stdout=subprocess.PIPE, text=True, check=True, **elsewhere
    )
    ids, p = json.loads(ran.stdout)
    expected, order = inside.read(PROMPT)[1].logits[0, -1].softmax(-1).sort(descending=True)
    assert ids == order[:50].tolist()
    assert np.allclose(p, expected[:50], atol=1e-6)


def test_home_opens_from_another_folder_with_the_settings_that_lie_there(programs, elsewhere, chromium):
    (elsewhere["cwd"] / "tokenscope.toml").write_text('language = "zh"\n')
    command = [programs / "tokenscope", "--no-browser", "--address", "127.0.0.1", "--port"]
    with (elsewhere["cwd"] / "said.txt").open("w+") as said:
        with running_command(command, stdout=said, stderr=said, **elsewhere) as (address, process):
            visitor = Visitor(chromium, address, color_scheme="light")
            screen = visitor.open("/?prompt=The%20dog")
            expect(screen.get_by_role("textbox")).to_have_value("The dog")
            expect(screen.get_by_text("词元").first).to_be_visible()  # the settings were read, and the words are there
            assert screen.locator("[data-testid=stException]").count() == 0
            ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
            assert screen.evaluate(ground) == "rgb(250, 249, 246)"  # of .streamlit/config.toml
            assert visitor.complaints == []
            assert visitor.foreign == []
            visitor.context.close()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0
        said.seek(0)
        assert "Traceback" not in said.read()
