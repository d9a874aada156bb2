"""Help for the screen Attention."""

from pages.common.guides import CLOZE, INTERPRETER, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import inside_code

CAVEAT = N_("A large share says where a head takes something from. It does not say that this decides the prediction.")
LATEX = r"A = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_{head}}} + M\right) \qquad \text{out} = A\,V"
SYMBOLS = N_(
    "Q, K and V hold the query, the key and the value of each token, a row each; M is minus infinity where looking "
    "is not allowed. Each row of A adds up to 1."
)
LITERATURE = (("vaswani2017", "§ 3.2"), ("clark2019", ""), ("olsson2022", ""), ("xiao2023", ""), ("jain2019", ""))
WORDS = ("attention", "head", "query", "key", "value", "softmax")
DOGS = {"model": STORYTELLER, "prompt": "The dog chased the cat and the dog", "focus": 8}
DOGS_READ = {"model": CLOZE, "prompt": "The dog chased the cat and the dog ran.", "focus": 8}
WEIGHTS = {"attention_measure": "weight"}


def code(s: Screen) -> str:
    """The row of weights of the chosen head for the token in focus."""
    from pages.attention.looking import look

    now, info = look(s, "weight"), s.model.info
    return inside_code.attention_code(
        info.name, info.dtype, s.tokens.ids.tolist(), s.target_ids, now.kind, now.layer, now.head, now.row
    )


WRITING_ON = Guide(
    looking=(
        N_(
            "In each head every token looks back at the tokens before it and at itself, and takes over something from each."
        ),
        N_("A row is a token that looks, a column one that is looked at; the shares of a row add up to 100 %."),
        CAVEAT,
    ),
    presets=(
        Preset(
            "attention_previous",
            N_("A head that looks one token back"),
            N_(
                "In layer 0, head 2, the largest share of the last “dog” goes to the word just before it: more than half."
            ),
            "attention_head",
            DOGS | {"layer": 0, "head": 2},
            WEIGHTS,
        ),
        Preset(
            "attention_same",
            N_("A head that finds the same word"),
            N_("In layer 4, head 3, the second “dog” gives more than half of its attention to the first “dog”."),
            "attention_head",
            DOGS | {"layer": 4, "head": 3},
            WEIGHTS,
        ),
        Preset(
            "attention_sink",
            N_("A head that rests"),
            N_("In layer 1, head 4, every token gives more than 90 % to the very first one: an attention sink."),
            "attention_head",
            DOGS | {"layer": 1, "head": 4},
            WEIGHTS,
        ),
    ),
    latex=LATEX,
    symbols=SYMBOLS,
    code=code,
    literature=LITERATURE,
    words=(*WORDS, "causal mask", "attention sink", "induction head", "rollout"),
)

READING = Guide(
    looking=(
        N_("In each head every token looks at all tokens, before and after it, and takes over something from each."),
        N_("A row is a token that looks, a column one that is looked at; the shares of a row add up to 100 %."),
        CAVEAT,
    ),
    presets=(
        Preset(
            "attention_before",
            N_("A head that looks one token back"),
            N_("In layer 0, head 1, nearly every token gives all of its attention to the one before it."),
            "attention_head",
            DOGS_READ | {"layer": 0, "head": 1},
            WEIGHTS,
        ),
        Preset(
            "attention_after",
            N_("A head that looks one token ahead"),
            N_(
                "In layer 0, head 3, nearly every token gives all of its attention to the one after it. Only a model "
                "that reads both ways can."
            ),
            "attention_head",
            DOGS_READ | {"layer": 0, "head": 3},
            WEIGHTS,
        ),
        Preset(
            "attention_twins",
            N_("A head that finds the same word"),
            N_("In layer 1, head 1, each “dog” gives its largest share to the other one, more than 40 %."),
            "attention_head",
            DOGS_READ | {"layer": 1, "head": 1},
            WEIGHTS,
        ),
    ),
    latex=LATEX,
    symbols=SYMBOLS,
    code=code,
    literature=(("vaswani2017", "§ 3.2"), ("devlin2019", ""), ("clark2019", ""), ("jain2019", "")),
    words=(*WORDS, "encoder", "rollout"),
)

CAR = {"model": INTERPRETER, "prompt": "I have a red car.", "kind": "cross", "layer": 2, "head": 2}
TRANSLATING = Guide(
    looking=(
        N_(
            "A translator looks three times: the source at itself, the translation at itself, and the translation at the source."
        ),
        N_(
            "A row of the cross-attention is a token of the target; what it looks at helps to write the token after it."
        ),
        CAVEAT,
    ),
    presets=(
        Preset(
            "attention_crossing",
            N_("Words that change places: the thing"),
            N_("As it writes “voiture”, in the row of “une”, the decoder looks at “car” with more than 70 %."),
            "attention_head",
            CAR | {"target_focus": 3},
            WEIGHTS,
        ),
        Preset(
            "attention_crossing_back",
            N_("Words that change places: the colour"),
            N_("For the next word, “rouge”, in the row of “voiture”, it goes back to “red” with more than 70 %."),
            "attention_head",
            CAR | {"target_focus": 4},
            WEIGHTS,
        ),
        Preset(
            "attention_itself",
            N_("A head that stays where it is"),
            N_(
                "In the decoder’s layer 1, head 0, every token of the translation looks only at itself: more than 90 %."
            ),
            "attention_head",
            CAR | {"kind": "decoder", "layer": 1, "head": 0, "target_focus": 4},
            WEIGHTS,
        ),
    ),
    latex=LATEX,
    symbols=N_(
        "Q, K and V hold queries, keys and values, a row a token; across, the queries come from the target, the keys "
        "and values from the source. M is minus infinity where looking is not allowed."
    ),
    code=code,
    literature=(("vaswani2017", "§ 3.2.3"), ("sutskever2014", ""), ("jain2019", "")),
    words=(*WORDS, "cross-attention", "encoder-decoder"),
)

GUIDES = {"decoder": WRITING_ON, "encoder": READING, "encoder-decoder": TRANSLATING}
