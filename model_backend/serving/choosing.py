"""Which models can be chosen here: what is on this machine, what can be fetched, and whether it fits."""

from collections.abc import Callable
from dataclasses import dataclass

from model_backend.base.machine import free_bytes, used_bytes
from model_backend.base.records import MachineMemory
from model_backend.hub import catalogue
from model_backend.hub.catalogue import CatalogueEntry
from model_backend.hub.download import is_downloaded
from model_backend.hub.finding import find_folder
from model_backend.hub.fitting import Fit, fits


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that may be chosen: what is known of it, whether it fits, whether it is on this machine."""

    entry: CatalogueEntry
    fit: Fit
    is_here: bool


def where(loading: dict[str, str | None]) -> tuple[str, str]:
    """(device, number format) that models get here."""
    from model_backend.hub import devices

    chosen = devices.choose_device(loading.get("device"))
    return chosen, devices.choose_dtype(loading.get("dtype"), chosen)


def memory(device: str, idle_bytes: int) -> MachineMemory:
    """What this process holds there, and what a model could take: `idle_bytes` of open models that nobody uses count as
    free."""
    free = free_bytes(device)
    return MachineMemory(device, used_bytes(device), None if free is None else free + idle_bytes)


def choices(
    listed: tuple[str, ...] | None, loading: dict[str, str | None], idle_bytes: Callable[[str], int]
) -> tuple[list[Choice], list[Choice]]:
    """(what is on this machine, what can be fetched); with a list only that, all of it on this machine."""
    device, dtype = where(loading)
    free = memory(device, idle_bytes(device)).free

    def choice(entry: CatalogueEntry) -> Choice:
        is_here = entry.source != "hub" or is_downloaded(entry.name)
        fit = fits(entry, device, dtype, free=free, quantization=loading.get("quantization"))
        return Choice(entry, fit, is_here)

    if listed is not None:
        return [choice(catalogue.describe(name) or _of_folder(name)) for name in listed], []
    everything = [choice(entry) for entry in (*catalogue.entries(), *catalogue.hub_entries())]
    return [one for one in everything if one.is_here], [one for one in everything if not one.is_here]


def _of_folder(name: str) -> CatalogueEntry:
    """What a folder, or a model in the cache of the hub, says about itself."""
    return catalogue.of_folder(name, find_folder(name))
