"""The Generation screen: the loop that makes a text of single guesses, in the person's hands."""

from pages.common.components import card
from pages.common.frame import screen
from pages.common.text import t
from pages.common.words import note
from pages.generation import beams, branches, chat, controls, same_twice, several, step_by_step, wrapper
from pages.generation import writing as writings


def show(s) -> None:
    """All cards."""
    writing = writings.current(s)
    chat.show(s)
    controls.show(s)

    def draw() -> None:
        """What follows the writing."""
        step_by_step.show(s, writing)
        branches.show(s, writing)
        wrapper.show_loop(s, writing)

    writings.live(lambda: writing.is_running, draw)
    wrapper.show_cache(s, writing)
    several.show(s)
    beams.show(s)
    same_twice.show(s, writing)


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
