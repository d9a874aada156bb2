"""What this run offers: which models, texts of what length, and what its Desk is made with."""

from collections.abc import Callable
from typing import TypedDict

from model_backend.base.errors import ModelUnavailable, TextTooLong
from pages.common.server_settings import settings


def check_offered(name: str) -> None:
    """Raise ModelUnavailable with reason "not_offered" if this run is shared and its owner did not list that model."""
    now = settings()
    if now.shared and name not in now.offered:
        raise ModelUnavailable(
            "This server does not offer the model “{name}”.",
            "It offers {names}. Whoever runs it can add others to its settings.",
            reason="not_offered", name=name if len(name) <= 80 else name[:77] + "…", names=", ".join(now.offered),
        )  # fmt: skip


class DeskOptions(TypedDict):
    """What a Desk is made with."""

    offered: Callable[[str], None]
    listed: tuple[str, ...] | None
    loading: dict[str, str | None]
    memory_share: float
    queue_limit: int


def desk_options() -> DeskOptions:
    """What the Desk of this run is made with."""
    now = settings()
    return {
        "offered": check_offered,
        "listed": now.offered if now.shared else None,
        "loading": now.loading,
        "memory_share": now.memory_share,
        "queue_limit": now.queue_limit,
    }


def check_length(text: str) -> None:
    """Raise TextTooLong if a text has more characters than this run reads."""
    limit = settings().max_characters
    if len(text) > limit:
        raise TextTooLong(
            "The text has {n_characters:,} characters; this server reads at most {max_characters:,}.",
            "Shorten it by {surplus:,} characters.",
            n_characters=len(text), max_characters=limit, surplus=len(text) - limit,
        )  # fmt: skip
