"""From a Hugging Face id to a folder on this machine: the cache first, the network only where there is one.

Left alone, transformers retries for half a minute and more before it says that a machine is offline; here one short
request decides.
"""

import os
import urllib.error
import urllib.request
from pathlib import Path

from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from model_backend.base.errors import ModelUnavailable
from model_backend.base.progress import Meter, download_bar
from model_backend.hub.checkpoint import is_complete

PATTERNS = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja", "*.spm"]  # no pickles, no code
NOT_NEEDED = ["original/*", "*consolidated*", "onnx/*", "coreml/*"]  # the same weights once more, in other formats
CONNECT_SECONDS = 3.0


def hub_folder(name: str, revision: str | None, meter: Meter | None = None) -> Path:
    """The folder of a hub model, downloaded if it is not in the cache and there is a network; `meter` counts the bytes.

    Raises ModelUnavailable with reason "offline", "unknown", "gated" or "broken".
    """
    cached = _cached(name, revision)
    if cached is not None and is_complete(cached, name):
        return cached
    if not is_online():
        if cached is not None:
            return cached  # what is missing there is said in detail when it is opened
        raise _offline(name)
    try:
        if meter is not None:
            meter.begin("download")
        bar = None if meter is None else download_bar(meter)
        return Path(
            snapshot_download(
                name, revision=revision, allow_patterns=PATTERNS, ignore_patterns=NOT_NEEDED, tqdm_class=bar
            )
        )
    except GatedRepoError as error:
        raise ModelUnavailable(
            "The makers of {name} ask you to accept their terms first.",
            "Accept them at {address}, then set HF_TOKEN where this program runs.",
            reason="gated", name=name, address=f"{constants.ENDPOINT}/{name}",
        ) from error  # fmt: skip
    except (RepositoryNotFoundError, RevisionNotFoundError, HFValidationError) as error:
        raise ModelUnavailable(
            "There is no public model {name} at that place.", "Check the spelling: ids read owner/model.",
            reason="unknown", name=name,
        ) from error  # fmt: skip
    except (HfHubHTTPError, OfflineModeIsEnabled, OSError) as error:
        raise _offline(name) from error


def is_downloaded(name: str, revision: str | None = None) -> bool:
    """Whether a hub model lies whole in the cache of this machine; asks no network."""
    cached = _cached(name, revision)
    return cached is not None and is_complete(cached, name)


def is_online() -> bool:
    """Whether the hub can be reached now: one request, 3 seconds at most; proxies of the environment are used."""
    if (
        constants.HF_HUB_OFFLINE
        or _true(os.environ.get("HF_HUB_OFFLINE"))
        or _true(os.environ.get("TRANSFORMERS_OFFLINE"))
    ):
        return False
    try:
        urllib.request.urlopen(urllib.request.Request(constants.ENDPOINT, method="HEAD"), timeout=CONNECT_SECONDS)
    except urllib.error.HTTPError:
        return True  # it answered
    except OSError:
        return False
    return True


def _cached(name: str, revision: str | None) -> Path | None:
    try:
        return Path(
            snapshot_download(
                name, revision=revision, allow_patterns=PATTERNS, ignore_patterns=NOT_NEEDED, local_files_only=True
            )
        )
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        return None


def _offline(name: str) -> ModelUnavailable:
    return ModelUnavailable(
        "{name} is not on this machine, and the machine has no connection to the model hub.",
        "Choose a bundled model; or run `hf download {name}` on a machine with a network, copy the folder here and give "
        "its path.",
        reason="offline", name=name,
    )  # fmt: skip


def _true(value: str | None) -> bool:
    return (value or "").strip().upper() in {"1", "ON", "YES", "TRUE"}
