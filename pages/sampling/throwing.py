"""The dice: seeded random numbers fall on the kept tokens laid end to end, and are counted against theory."""

import streamlit as st

from pages.common import settings, state
from pages.common.cards import card
from pages.common.components import component
from pages.common.text import t
from pages.common.words import note
from pages.sampling.place import Place
from viz import sampling
from viz.labels import visible

LATEX = r"\text{take the first token } i \text{ with } \sum_{j \le i} p_j > u, \qquad \chi^2 = \sum_i \frac{(O_i - n p_i)^2}{n p_i}"
N_LABELLED = 1_100  # a thousand draws, and some one by one


def show_dice(place: Place) -> None:
    """The card."""
    answer = t(
        "The tokens that are kept are laid end to end, each as wide as its final probability. A random number "
        "between 0 and 1 falls on one of them, and that one is taken."
    )
    with card("sampling_dice", t("Which one do the dice take?"), answer) as c:
        now, seed = place.now(settings.now()), state.get("seed")
        numbers = sampling.random_numbers(seed)
        drawn = sampling.draws(now, numbers[:N_LABELLED]).tolist()
        labels = {int(now.ids[at]): visible(place.piece(int(now.ids[at]))) for at in set(drawn)}
        component(
            "dice",
            key="sampling_dice",
            data=sampling.dice(numbers, labels, dice_words(), seed),
            on_seed_change=_take_seed,
        )
        note(
            t(
                "The numbers come from a generator that starts at the seed: the same seed gives the same numbers, "
                "and with the same settings the same tokens. The Generation screen draws in the same way."
            )
        )
        shown = range(min(100, len(drawn)))
        c.numbers(
            {
                t("draw"): [i + 1 for i in shown],
                t("random number"): [f"{numbers[i]:.6f}" for i in shown],
                t("token"): [labels[int(now.ids[drawn[i]])] for i in shown],
                t("id"): [int(now.ids[drawn[i]]) for i in shown],
            },
            file="draws.csv",
        )
        c.formula(
            LATEX,
            t(
                "u is the random number. χ² compares the counts O of n draws with what the probabilities p lead to "
                "expect; tokens that expect fewer than 5 count together."
            ),
        )


def _take_seed() -> None:
    """Keep the seed that was typed."""
    seed = st.session_state["sampling_dice"].seed
    if seed is not None:
        state.put("seed", int(seed))


def dice_words() -> dict:
    """Words of the component `dice`."""
    return {
        "draw": t("Draw"),
        "one": t("1 draw"),
        "ten": t("10 draws"),
        "thousand": t("1,000 draws"),
        "more": t("one more"),
        "seed": t("Seed"),
        "strip": t("The kept tokens from 0 to 1, each as wide as its probability; a triangle marks each random number"),
        "says": t(
            "Draw {i}: the random number {random} falls on “{token}”, which reaches from {low} to {high}: {p} of the way."
        ),
        "caption": t("How often each token was drawn, and how often it was to be expected"),
        "columns": {
            "token": t("token"),
            "expected": t("expected ± spread"),
            "drawn": t("drawn"),
            "bar": t("filled: drawn · frame: expected, give or take two spreads"),
        },
        "others": t("{n} others together"),
        "too_few": t(
            "{n} draws are too few to judge the dice: each count may easily be twice its expectation, or nothing. Draw 1,000."
        ),
        "no_choice": t("There is hardly a choice to judge: one token takes almost every draw."),
        "usual": t(
            "Over {n} draws the counts are as far from theory as fair dice usually are: χ² = {chi} where about "
            "{freedom} is usual. Fair dice stray at least this far in {chance} of all cases."
        ),
        "odd": t(
            "Over {n} draws the counts stray further from theory than fair dice usually do: χ² = {chi} where about "
            "{freedom} is usual. It happens to fair dice in {chance} of all cases; another seed will tell."
        ),
    }
