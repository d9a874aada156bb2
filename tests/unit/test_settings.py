"""The settings of an installation: what wins, what is refused, and that the message says what to do."""

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from model_backend import ModelUnavailable
from model_backend.base.errors import TextTooLong
from pages.common import server_settings
from pages.common.offer import check_length, check_offered
from pages.common.server_settings import ServerSettings, SettingsError, read
from scripts import start_check
from tests import tiny_models

ROOT = Path(__file__).parents[2]
NOWHERE = Path("/no/such/file.toml")


@pytest.fixture
def file(tmp_path):
    """A function that writes a settings file."""

    def write(text: str) -> Path:
        path = tmp_path / "tokenscope.toml"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def run_with(monkeypatch):
    """A function: this process behaves as if started with these variables."""

    def start(**variables: str) -> ServerSettings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        server_settings.settings.cache_clear()
        return server_settings.settings()

    yield start
    monkeypatch.undo()
    server_settings.settings.cache_clear()


def wrong(environment=None, path=NOWHERE) -> str:
    with pytest.raises(SettingsError) as error:
        read(environment or {}, path)
    return str(error.value)


def test_without_anything_the_run_is_private():
    found = read({"PATH": "/bin", "TOKENSCOPE_CACHE": "/tmp"}, NOWHERE)
    assert found == ServerSettings() and not found.shared and found.first_model == "bundled/storyteller"
    assert found.loading == {"device": None, "dtype": None, "quantization": None}


def test_a_variable_wins_over_the_file(file):
    path = file('shared = true\nmodels = ["bundled/cloze"]\nqueue_limit = 5\nmemory_share = 0.5\ndevice = "cpu"\n')
    found = read({"TOKENSCOPE_QUEUE_LIMIT": "9", "TOKENSCOPE_MODELS": " bundled/assistant, bundled/cloze,"}, path)
    assert (found.shared, found.queue_limit, found.memory_share, found.device) == (True, 9, 0.5, "cpu")
    assert found.models == ("bundled/assistant", "bundled/cloze") and found.first_model == "bundled/assistant"
    assert not read({"TOKENSCOPE_SHARED": "no"}, path).shared


def test_a_shared_run_is_bounded_unless_its_owner_says_otherwise(file):
    assert read({"TOKENSCOPE_SHARED": "1"}, NOWHERE).max_characters == 5_000
    assert read({"TOKENSCOPE_SHARED": "1"}, file("max_characters = 9\n")).max_characters == 9
    assert read({"TOKENSCOPE_SHARED": "1"}, NOWHERE).max_new_tokens == 200 < read({}, NOWHERE).max_new_tokens
    assert "bundled/storyteller" in read({"TOKENSCOPE_SHARED": "1"}, NOWHERE).offered


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TOKENSCOPE_SHARD": "1"}, "TOKENSCOPE_SHARD: there is no such setting. Did you mean shared?"),
        ({"TOKENSCOPE_SHARED": "maybe"}, "TOKENSCOPE_SHARED: 'maybe' is neither true nor false."),
        ({"TOKENSCOPE_QUEUE_LIMIT": "many"}, "'many' is not a whole number between 1 and 100,000."),
        ({"TOKENSCOPE_MAX_CHARACTERS": "0"}, "'0' is not a whole number between 1 and 10,000,000."),
        ({"TOKENSCOPE_MEMORY_SHARE": "nan"}, "'nan' is not a number between 0.05 and 0.95."),
        ({"TOKENSCOPE_DTYPE": "int3"}, "“int3” is not one of auto, float32, bfloat16, float16."),
        ({"TOKENSCOPE_SHARED": "1", "TOKENSCOPE_DEFAULT_MODEL": "gpt2"}, "“gpt2” is not among them"),
        ({"TOKENSCOPE_SETTINGS": "/no/such/file.toml"}, "there is no file /no/such/file.toml"),
    ],
)
def test_wrong_variables_are_named(environment, words):
    assert words in wrong(environment)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shared = yes", "it cannot be read"),
        ("colour = 3", "tokenscope.toml, colour: there is no such setting. There are: shared, models"),
        ("shared = 3", "3 is neither true nor false"),
        ('models = "a", "b"', "it cannot be read"),
        ("models = [1, 2]", "[1, 2] is no list of names. Write"),
        ("default_model = 7", "7 is no text. Put it into quotes."),
        ("queue_limit = 2.5", "2.5 is not a whole number"),
        ("queue_limit = true", "True is not a whole number"),
        ('memory_share = "much"', "'much' is not a number"),
    ],
)
def test_wrong_lines_are_named(file, text, words):
    assert words in wrong(path=file(text))


def test_all_that_is_wrong_is_said_at_once(file):
    text = wrong({"TOKENSCOPE_DTYPE": "int3"}, file("queue_limit = 0\nshard = true\n"))
    assert text.count("\n  - ") == 3


def test_the_file_that_ships_names_every_setting_with_its_default():
    text = (ROOT / "tokenscope.toml").read_text("utf-8")
    assert tomllib.loads(text) == {}
    given = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    assert {**given, "models": tuple(given["models"])} == asdict(ServerSettings())
    described = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert all(f"`{name}`" in described and f"TOKENSCOPE_{name.upper()}" in described for name in given)


def test_the_file_is_that_of_this_folder_else_the_persons_own_else_the_one_beside_the_app(tmp_path, monkeypatch):
    here, own = tmp_path / "here", tmp_path / "config"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(server_settings.sys, "platform", "linux")
    environment = {"XDG_CONFIG_HOME": str(own)}
    found = [server_settings.file_of(environment)]
    for folder in (own / "tokenscope", here):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tokenscope.toml").touch()
        found.append(server_settings.file_of(environment))
    assert found == [folder / "tokenscope.toml" for folder in (ROOT, own / "tokenscope", here)]
    assert server_settings.file_of(environment | {"TOKENSCOPE_SETTINGS": "other.toml"}) == Path("other.toml")


@pytest.mark.parametrize(
    ("platform", "folder"),
    [("linux", ".config"), ("darwin", "Library/Application Support"), ("win32", "AppData/Roaming")],
)
def test_a_persons_own_folder_follows_the_platform(monkeypatch, platform, folder):
    monkeypatch.setattr(server_settings.sys, "platform", platform)
    assert server_settings.user_folder({}) == Path.home() / folder / "tokenscope"


def test_a_shared_run_offers_only_its_list(run_with):
    check_offered("any/model")
    run_with(TOKENSCOPE_SHARED="1", TOKENSCOPE_MODELS="bundled/cloze")
    check_offered("bundled/cloze")
    for name in ("bundled/storyteller", "openai-community/gpt2", "/etc", "bundled/cloze/", "x" * 500):
        with pytest.raises(ModelUnavailable) as error:
            check_offered(name)
        assert error.value.details["reason"] == "not_offered" and "bundled/cloze" in error.value.hint


def test_the_length_of_a_text_is_bounded(run_with):
    run_with(TOKENSCOPE_MAX_CHARACTERS="10")
    check_length("x" * 10)
    with pytest.raises(TextTooLong) as error:
        check_length("x" * 1_234)
    assert "1,234 characters" in error.value.message and "1,224" in error.value.hint


def test_a_listed_model_has_to_be_on_this_machine(run_with, tmp_path):
    whole = tiny_models.save(tmp_path / "whole")
    (tmp_path / "empty").mkdir()
    run_with(TOKENSCOPE_SHARED="1", TOKENSCOPE_MODELS=f"bundled/cloze,{whole}")
    assert start_check.check_start().models == ("bundled/cloze", str(whole))
    run_with(TOKENSCOPE_MODELS=f"someone/not-here,{tmp_path / 'empty'},bundled/cloze", TOKENSCOPE_LANGUAGE="tlh")
    with pytest.raises(SettingsError) as error:
        start_check.check_start()
    text = str(error.value)
    assert "hf download someone/not-here" in text and "no config.json" in text and text.count("\n") == 3
    assert "language: “tlh”" in text


def test_a_device_that_is_not_there_is_said_at_the_start(run_with):
    run_with(TOKENSCOPE_DEVICE="cuda:77")
    with pytest.raises(SettingsError, match="no device “cuda:77”"):
        start_check.check_start()


def test_whoever_opens_a_private_run_to_others_is_warned():
    private, shared = ServerSettings(), ServerSettings(shared=True)
    for arguments in ([], ["--server.address", "127.0.0.1"], ["--server.address=localhost"]):
        assert start_check.exposed(private, arguments) == ""
    for arguments in (["--server.address", "0.0.0.0"], ["--server.port", "1", "--server.address=::"]):
        assert "TOKENSCOPE_SHARED=1" in start_check.exposed(private, arguments)
        assert start_check.exposed(shared, arguments) == ""


def test_the_program_stops_with_the_message_and_without_a_traceback():
    environment = os.environ | {"TOKENSCOPE_SHARD": "1"}
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 1 and "Did you mean shared?" in ended.stderr and "Traceback" not in ended.stderr
