"""How this installation is run: the file tokenscope.toml and environment variables, read once and checked.

`settings()` gives them to whoever asks. A variable TOKENSCOPE_<NAME> wins over the line `name = …` of the file. Whatever is
wrong is said in one message that names the line or the variable and what to write instead.
"""

import difflib
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from model_backend.hub import catalogue
from model_backend.serving.remote import KEY_VARIABLE
from pages.common.setting_values import checked

ROOT = Path(__file__).parents[2]
PREFIX = "TOKENSCOPE_"
OTHER_VARIABLES = {
    "TOKENSCOPE_SETTINGS",
    "TOKENSCOPE_CACHE",
    KEY_VARIABLE,
}  # the place of the file, of fitted maps; a secret
SHARED_DEFAULTS = {"max_characters": 5_000, "max_new_tokens": 200}


class SettingsError(Exception):
    """The settings cannot be used; the text lists everything that is wrong with them and what to do."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the person who starts the program decides; docs/settings.md says what each is for."""

    shared: bool = False
    models: tuple[str, ...] = ()
    default_model: str = ""
    language: str = ""
    max_characters: int = 100_000
    max_new_tokens: int = 100_000
    queue_limit: int = 32
    memory_share: float = 0.7
    device: str = "auto"
    dtype: str = "auto"
    quantization: str = "none"
    backend: str = ""

    @property
    def offered(self) -> tuple[str, ...]:
        """The models that a shared run offers: those listed, or all that ship with the program."""
        return self.models or tuple(entry.name for entry in catalogue.entries())

    @property
    def first_model(self) -> str:
        """The model of a visitor who has chosen none."""
        if self.default_model:
            return self.default_model
        offered = self.offered if self.shared else ()
        return next(iter(offered), "bundled/storyteller")

    @property
    def loading(self) -> dict[str, str | None]:
        """device, dtype and quantization as open_model takes them; None is its own choice."""
        words = {name: getattr(self, name) for name in ("device", "dtype", "quantization")}
        return {name: None if word in ("auto", "none") else word for name, word in words.items()}


@lru_cache(maxsize=1)
def settings() -> ServerSettings:
    """The settings of this process. Raises SettingsError."""
    return read(os.environ, file_of(os.environ))


def file_of(environment: Mapping[str, str]) -> Path:
    """The settings file: TOKENSCOPE_SETTINGS, else the first tokenscope.toml in this folder, the user's, or beside app.py."""
    if named := environment.get("TOKENSCOPE_SETTINGS"):
        return Path(named)
    files = [folder / "tokenscope.toml" for folder in (Path.cwd(), user_folder(environment), ROOT)]
    return next((file for file in files if file.is_file()), files[-1])


def user_folder(environment: Mapping[str, str]) -> Path:
    """Where the settings of this person lie, by the custom of the platform; it need not exist."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "tokenscope"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "tokenscope"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "tokenscope"


def read(environment: Mapping[str, str], file: Path) -> ServerSettings:
    """The settings of a file and of an environment. Raises SettingsError with all that is wrong with them."""
    wrong: list[str] = []
    given = _of_file(file, named="TOKENSCOPE_SETTINGS" in environment, wrong=wrong)
    given |= _of_environment(environment, wrong)
    values: dict[str, Any] = {}  # each of its field's type
    for name, (raw, source) in given.items():
        try:
            values[name] = checked(name, type(getattr(ServerSettings(), name)), raw)
        except ValueError as error:
            wrong.append(f"{source}: {error}")
    if values.get("shared"):
        values = {**SHARED_DEFAULTS, **values}
    found = ServerSettings(**values)
    if found.shared and not wrong and found.first_model not in found.offered:
        wrong.append(
            f"default_model: a shared run offers only {', '.join(found.offered)}, and “{found.first_model}” is not among "
            "them. Add it to models, or choose one of these."
        )
    if found.backend and not environment.get(KEY_VARIABLE):
        wrong.append(f"backend: the variable {KEY_VARIABLE} has to hold the secret of the process at {found.backend}.")
    if wrong:
        raise SettingsError(
            "\n".join(["Tokenscope was not started: its settings are wrong.", *(f"  - {w}" for w in wrong)])
        )
    return found


def _of_file(file: Path, named: bool, wrong: list[str]) -> dict[str, tuple[object, str]]:
    """name -> (value, where it stands)."""
    if not file.is_file():
        if named:
            wrong.append(f"TOKENSCOPE_SETTINGS: there is no file {file}. Correct the path, or unset the variable.")
        return {}
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        wrong.append(
            f'{file}: it cannot be read ({error}). Texts stand in quotes: default_model = "bundled/storyteller"'
        )
        return {}
    return _known(given, lambda name: f"{file.name}, {name}", wrong)


def _of_environment(environment: Mapping[str, str], wrong: list[str]) -> dict[str, tuple[object, str]]:
    found = {name: raw for name, raw in environment.items() if name.startswith(PREFIX) and name not in OTHER_VARIABLES}
    given = {name.removeprefix(PREFIX).lower(): raw for name, raw in found.items()}
    return _known(given, lambda name: PREFIX + name.upper(), wrong)


def _known(given: Mapping[str, object], source, wrong: list[str]) -> dict[str, tuple[object, str]]:
    """The settings that exist; for each other name a word on what it may have meant."""
    names = [field.name for field in fields(ServerSettings)]
    for name in given:
        if name not in names:
            alike = difflib.get_close_matches(name, names, n=1)
            meant = f"Did you mean {alike[0]}?" if alike else f"There are: {', '.join(names)}."
            wrong.append(f"{source(name)}: there is no such setting. {meant}")
    return {name: (raw, source(name)) for name, raw in given.items() if name in names}
