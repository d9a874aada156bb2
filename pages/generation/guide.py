"""Help for the screen Generation. What there is to try needs a model that writes on, so it is tried with the storyteller."""

from pages.common import settings, state
from pages.common.guides import STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code

N_WRITTEN = 12


def code(s: Screen) -> str:
    """The loop; for a model that fills gaps, its guess at the focused position."""
    info, ids = s.model.info, s.tokens.ids.tolist()
    if info.kind == "encoder":
        return help_code.guess_code(info.kind, info.name, info.dtype, ids, None, s.focus)
    target = s.target_ids and s.target_ids[:1]
    return help_code.writing_code(
        info.kind, info.name, info.dtype, ids, target, settings.now(), state.get("seed"), N_WRITTEN
    )


LOOP = {"model": STORYTELLER, "prompt": "The dog chased the cat and the dog", "temperature": 0.0}
STORY = {"model": STORYTELLER, "prompt": "Once upon a time there was a little"}
PRESETS = (
    Preset(
        "generation_loop",
        N_("Going round in circles"),
        N_("Without dice the text repeats itself: write 40 tokens, and the cat says meow four times."),
        "generation_writer",
        LOOP,
    ),
    Preset(
        "generation_penalty",
        N_("Out of the circle"),
        N_(
            "The same with a repetition penalty of 1.3: what stands in the text becomes less likely, and no pair of words comes four times."
        ),
        "generation_writer",
        LOOP | {"repetition": 1.3},
    ),
    Preset(
        "generation_seed",
        N_("Another seed, another story"),
        N_(
            "With seed 0 a boy called Jack comes, with seed 1 a girl who loved spring. The same seed tells the same story each time."
        ),
        "generation_writer",
        STORY | {"seed": 1},
    ),
)
LATEX = r"p(x_1, \dots, x_n) = \prod_t p(x_t \mid x_1, \dots, x_{t-1})"
SYMBOLS = N_(
    "x are the tokens: a text is as likely as the product of its tokens’ probabilities, each given those before it. "
    "Writing chooses one factor after the other."
)
LITERATURE = (
    ("radford2019", ""),
    ("holtzman2020", ""),
    ("sutskever2014", "§ 3.2"),
    ("wu2016", "§ 7"),
    ("pope2022", ""),
)
WORDS = ("greedy", "temperature", "seed", "end token", "context window", "kv cache", "beam search", "length penalty")

WRITING = Guide(
    looking=(
        N_("A model knows only one step: what may come next. A text comes about because the step is repeated."),
        N_(
            "Each chosen token is put at the end, and the model reads on from there; it never goes back to correct itself."
        ),
        N_("You can write step by step, go back, and take another branch: all that was tried stays in the tree below."),
    ),
    presets=PRESETS,
    latex=LATEX,
    symbols=SYMBOLS,
    code=code,
    literature=LITERATURE,
    words=WORDS,
)
NOT_WRITING = Guide(
    looking=(
        N_("This model fills gaps and does not write on, so there is nothing to see here with it."),
        N_("Models that write know only one step, what may come next, and repeat it."),
        N_("Try one below: what there is to try opens the storyteller."),
    ),
    presets=PRESETS,
    latex=LATEX,
    symbols=SYMBOLS,
    code=code,
    literature=LITERATURE,
    words=(*WORDS, "masked language model"),
)

GUIDES = {"decoder": WRITING, "encoder": NOT_WRITING, "encoder-decoder": WRITING}
