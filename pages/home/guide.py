"""Help for the screen Text."""

from pages.common.guides import CLOZE, INTERPRETER, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code

WAY = N_(
    "The cards follow the way of a sentence through the model: it is cut into tokens, each token becomes a vector, "
    "the vectors look at each other, layer by layer a guess forms, and one token is chosen."
)
CLICK = N_("Click a token above to see the numbers of another place; each card leads to a screen that shows more.")


def code(s: Screen) -> str:
    """The model's guess at the place that the screen looks at."""
    from pages.home.reading import place

    info = s.model.info
    return help_code.guess_code(info.kind, info.name, info.dtype, s.tokens.ids.tolist(), s.target_ids, place(s))


WRITING_ON = Guide(
    looking=(
        N_("A language model reads your text and gives every possible next token a probability."),
        WAY,
        CLICK,
    ),
    presets=(
        Preset(
            "home_sure",
            N_("A sure guess"),
            N_("After “The Eiffel” hardly anything but “Tower” can follow: it gets more than 95 %."),
            "home_prediction",
            {"model": STORYTELLER, "prompt": "The Eiffel"},
        ),
        Preset(
            "home_open",
            N_("An open question"),
            N_("After “My favourite colour is” five colours lead, and none of them reaches 20 %."),
            "home_prediction",
            {"model": STORYTELLER, "prompt": "My favourite colour is"},
        ),
        Preset(
            "home_context",
            N_("The same word, another meaning"),
            N_(
                "The bark of a tree is thick or rough. Change “tree” to “dog”: loud, deep and sharp come up, and “rough” falls below 2 %."
            ),
            "home_prediction",
            {"model": STORYTELLER, "prompt": "The tree's bark was"},
        ),
    ),
    latex=r"p(x_{t+1} \mid x_1, \dots, x_t) = \text{softmax}(W_U\, h_t)",
    symbols=N_(
        "x are the tokens, h is the vector that the last layer gives the last token, W_U the matrix that turns it "
        "into one logit for each token of the vocabulary."
    ),
    code=code,
    literature=(("vaswani2017", "§ 3"), ("radford2019", ""), ("elhage2021", "")),
    words=("language model", "token", "vector", "attention", "layer", "probability"),
)

GAPS = Guide(
    looking=(
        N_("This model reads a whole sentence at once and says which word belongs where one is hidden."),
        N_(
            "The cards follow the way of a sentence through the model: it is cut into tokens, each token becomes a "
            "vector, the vectors look at each other in both directions, and layer by layer a guess forms for the gap."
        ),
        N_("Click a word above to hide it, or type a gap of your own."),
    ),
    presets=(
        Preset(
            "home_both_sides",
            N_("Help from both sides"),
            N_("What stands before and after the gap leaves one word: “bank” gets more than 90 %."),
            "home_prediction",
            {"model": CLOZE, "prompt": "He sat on the [MASK] of the river."},
        ),
        Preset(
            "home_many_fit",
            N_("Many words fit"),
            N_("Five things to eat or drink lead, and none of them reaches 10 %."),
            "home_prediction",
            {"model": CLOZE, "prompt": "I would like to eat some [MASK]."},
        ),
        Preset(
            "home_plain_sight",
            N_("A word in plain sight"),
            N_(
                "Nothing is hidden, so the model just says what it sees: “bank”, with more than 95 %. That is no guess."
            ),
            "home_prediction",
            {"model": CLOZE, "prompt": "She took the money to the bank.", "focus": 7, "masked": ()},
        ),
    ),
    latex=r"p(x_t \mid x_{\setminus t}) = \text{softmax}(W_U\, f(h_t) + b)",
    symbols=N_(
        "x are the tokens without the hidden one, h is the vector that the last layer gives the gap, f one more "
        "small layer, W_U the matrix that turns it into one logit for each token, b an offset for each."
    ),
    code=code,
    literature=(("devlin2019", "§ 3.1"), ("vaswani2017", "§ 3")),
    words=("masked language model", "token", "vector", "attention", "layer", "probability"),
)

TRANSLATING = Guide(
    looking=(
        N_("A translator has two parts: the encoder reads your text, the decoder writes a translation token by token."),
        N_(
            "The cards follow the way through both: cutting, vectors, where the decoder looks in the source, how its guess forms."
        ),
        N_("Click a token of the source or of the target to see the numbers of another place."),
    ),
    presets=(
        Preset(
            "home_french",
            N_("Into French"),
            N_("The decoder writes “J'ai deux chiens.” and then its end token."),
            "home_writing",
            {"model": INTERPRETER, "prompt": "I have two dogs."},
        ),
        Preset(
            "home_dutch",
            N_("One token more: Dutch"),
            N_("The mark >>nld<< before the same words turns the translation into “Ik heb twee honden.”"),
            "home_writing",
            {"model": INTERPRETER, "prompt": ">>nld<< I have two dogs."},
        ),
        Preset(
            "home_order",
            N_("Another order of words"),
            N_("“A red car” becomes “une voiture rouge”: in French the colour comes after the thing."),
            "home_writing",
            {"model": INTERPRETER, "prompt": "I have a red car."},
        ),
    ),
    latex=r"p(y_{t+1} \mid y_1, \dots, y_t,\, x) = \text{softmax}(W_U\, h_t + b)",
    symbols=N_(
        "x are the tokens of the source, y those of the target so far, h is the vector that the decoder’s last layer "
        "gives the last of them, W_U the matrix that turns it into one logit for each token, b an offset for each."
    ),
    code=code,
    literature=(("sutskever2014", ""), ("vaswani2017", "§ 3.1")),
    words=("encoder-decoder", "encoder", "decoder", "cross-attention", "end token", "probability"),
)

GUIDES = {"decoder": WRITING_ON, "encoder": GAPS, "encoder-decoder": TRANSLATING}
