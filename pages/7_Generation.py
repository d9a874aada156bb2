"""The Generation screen: the loop that makes a text of single guesses, in the person's hands."""

from pages.common.cards import card
from pages.common.frame import screen
from pages.common.screen import Screen
from pages.common.text import t
from pages.common.words import note
from pages.generation import (
    beams,
    branches,
    cache,
    chat,
    controls,
    crossing,
    loop,
    running,
    same_twice,
    several,
    step_by_step,
    tuned,
)
from pages.generation import writing as writings


def show(s: Screen) -> None:
    """All cards."""
    writing = writings.current(s)
    chat.show(s)
    tuned.show(s)
    controls.show(s)

    show_writing(s, writing)
    cache.show(s, writing)
    several.show(s)
    beams.show(s)
    same_twice.show(s, writing)


def show_writing(s: Screen, writing) -> None:
    """What follows the writing: one part while a person steps, so that each click moves all of it; while it plays three, so
    that the text keeps up and the rest comes after."""

    def draw_text() -> None:
        step_by_step.show(s, writing)

    def draw_crossing() -> None:
        crossing.show(s, writing)

    def draw_around() -> None:
        branches.show(s, writing)
        loop.show(s, writing)

    def draw_all() -> None:
        draw_text()
        draw_crossing()
        draw_around()

    def is_running() -> bool:
        return writing.is_running

    if not is_running():
        running.live(is_running, draw_all)
        return
    running.live(is_running, draw_text)
    running.live(is_running, draw_crossing)
    running.live(is_running, draw_around, every=running.SLOWLY_SECONDS)


with screen("generation") as s:
    if s.model.info.kind == "encoder":
        with card("generation_none", t("How does one token after another become a text?")):
            note(
                t(
                    "Not with this model: it fills gaps and does not write on. Choose a model that writes or translates in the menu on top."
                )
            )
    else:
        show(s)
