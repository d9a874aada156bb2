"""All cards of the Sampling screen."""

from pages.common.cards import card
from pages.common.screen import Screen
from pages.common.text import rich, t, token
from pages.common.words import note
from pages.sampling import place as places
from pages.sampling.breathing import show_breathing
from pages.sampling.logarithms import show_logarithms
from pages.sampling.panel import show_panel
from pages.sampling.temperature import show_curves, show_two_logits
from pages.sampling.throwing import show_dice


def show(s: Screen) -> None:
    """The cards, or a line where a translation has ended."""
    place = places.of_screen(s)
    if place is None:
        with card("sampling_panel", t("How is one token chosen?")):
            end = token(s.predicted.pieces[s.predicted_focus])
            note(
                rich(
                    "{end} ends the translation: nothing is chosen after it. Choose an earlier token of the target.",
                    end=end,
                )
            )
        return
    show_panel(place)
    show_dice(place)
    show_curves(place)
    show_breathing(place)
    show_two_logits()
    show_logarithms(place)
