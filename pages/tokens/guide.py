"""Help for the screen Tokens, the same for every kind of model."""

from pages.common.guides import KINDS, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code


def code(s: Screen) -> str:
    """The cut of the prompt."""
    return help_code.tokens_code(s.model.info.name, s.prompt_tokens.text)


GUIDE = Guide(
    looking=(
        N_("A model reads no letters: its tokenizer cuts the text into tokens, and only their numbers go in."),
        N_("Each chip is one token with its number; a dot (·) is a space, which mostly belongs to the token after it."),
        N_(
            "Frequent words are one token, rare ones fall into pieces, because the list of pieces was learnt from many texts."
        ),
    ),
    presets=(
        Preset(
            "tokens_rare",
            N_("A long, rare word"),
            N_("It falls into nine pieces, though it is one word. The card on the cutter shows each step."),
            "tokens_merges",
            {"model": STORYTELLER, "prompt": "antidisestablishmentarianism"},
        ),
        Preset(
            "tokens_same_word",
            N_("Four times the same word"),
            N_(
                "For the model no two of them are alike: with a space or without, with a capital or without, each has other numbers."
            ),
            "tokens_chips",
            {"model": STORYTELLER, "prompt": "the the THE The"},
        ),
        Preset(
            "tokens_script",
            N_("Another script"),
            N_(
                "“Hello” is one token in English and eighteen in Hindi: this tokenizer has seen no Hindi and cuts it into bytes."
            ),
            "tokens_chips",
            {"model": STORYTELLER, "prompt": "Say hello: नमस्ते"},
        ),
    ),
    latex=r"\text{text} \;\xrightarrow{\text{tokenizer}}\; (x_1, \dots, x_n), \qquad x_i \in \{0, \dots, V-1\}",
    symbols=N_(
        "The text becomes n whole numbers x, each the place of a token in a list of V. Byte-pair encoding joins, of "
        "all neighbours that stand in its table of merges, those that were learnt earliest, until none is left."
    ),
    code=code,
    literature=(("sennrich2016", "§ 3.2"), ("kudo2018", ""), ("radford2019", "§ 2.2"), ("petrov2023", "")),
    words=("token", "tokenizer", "vocabulary", "byte-pair encoding", "merge", "special token", "byte"),
)

GUIDES = dict.fromkeys(KINDS, GUIDE)
