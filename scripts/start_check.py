"""What is looked at once, before the server listens: can this machine do what the settings ask for?"""

from itertools import pairwise
from pathlib import Path

from model_backend import BackendError
from model_backend.hub import catalogue
from model_backend.hub.checkpoint import check_folder
from model_backend.hub.download import is_downloaded
from pages.common.server_settings import ServerSettings, SettingsError, settings
from pages.common.text import LANGUAGES


def check_start() -> ServerSettings:
    """The settings, if this machine can follow them. Raises SettingsError with all that is wrong."""
    now = settings()
    names: dict[str, None] = dict.fromkeys((*now.models, *([now.default_model] if now.default_model else [])))
    found = [_missing(name) for name in names]
    found += [_no_device(now), _no_language(now)]
    wrong = [f"  - {words}" for words in found if words]
    if wrong:
        raise SettingsError("\n".join(["Tokenscope was not started: this machine cannot follow its settings.", *wrong]))
    return now


def exposed(now: ServerSettings, arguments: list[str]) -> str:
    """A warning, if others can reach a run that is not shared; `arguments` are those of the program."""
    given = dict(pairwise(arguments)) | dict(a.split("=", 1) for a in arguments if "=" in a)
    address = given.get("--server.address", "localhost")
    if now.shared or address in ("localhost", "127.0.0.1", "::1"):
        return ""
    return (
        f"Tokenscope listens on {address} and is not shared: whoever can reach it can open any model and any folder of this "
        "machine. For a class set shared = true in tokenscope.toml, or TOKENSCOPE_SHARED=1."
    )


def _missing(name: str) -> str:
    """Why a listed model cannot be opened here, or nothing."""
    folder = Path(name).expanduser()
    if catalogue.find(name) or is_downloaded(name):
        return ""
    if folder.is_dir():
        try:
            check_folder(folder, name)
        except BackendError as error:
            return f"models: {error}"
        return ""
    bundled = ", ".join(entry.name for entry in catalogue.entries())
    return (
        f"models: “{name}” is not on this machine. If it is a model of the hub, fetch it once with `hf download {name}`; if it "
        f"is a folder, correct its path. With the program come {bundled}."
    )


def _no_device(now: ServerSettings) -> str:
    """Why the device, the number format or the quantization is not to be had, or nothing."""
    if not any(now.loading.values()):  # our own choice is always possible, and PyTorch takes seconds to import
        return ""
    from model_backend.hub.devices import choose_device, choose_dtype
    from model_backend.hub.quantization import check_quantization

    try:
        device = choose_device(now.loading["device"])
        choose_dtype(now.loading["dtype"], device)
        check_quantization(now.loading["quantization"], device)
    except BackendError as error:
        return f"device, dtype or quantization: {error}"
    return ""


def _no_language(now: ServerSettings) -> str:
    if now.language in ("", *LANGUAGES):
        return ""
    return f"language: “{now.language}” is not one of {', '.join(LANGUAGES)}; empty is the language of the browser."
