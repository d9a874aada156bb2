"""Help for the screen Layers."""

from pages.common.guides import CLOZE, INTERPRETER, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code, inside_code

LENS = N_("Early layers were not trained to be read like this, so what stands there is a hint and no decision.")
LITERATURE = (("logitlens2020", ""), ("elhage2021", ""), ("geva2021", ""), ("wang2022", ""))
WORDS = ("layer", "residual stream", "logit lens", "layer norm", "logit", "entropy")


def code(s: Screen) -> str:
    """The best guess of each row at the position in focus; where a family's parts have other names, by the backend."""
    from pages.layers.lens import chosen_row

    info, target, position = s.model.info, s.target_ids, s.predicted_focus
    ids = s.tokens.ids.tolist()
    if help_code.can_read_states(info.family):
        return help_code.lens_code(info.kind, info.name, info.family, info.dtype, ids, target, position)
    return inside_code.lens_code(info.name, ids, target, chosen_row(info.n_decoder_layers + 1), position)


WRITING_ON = Guide(
    looking=(
        N_(
            "Each row is a layer, each column a token; a cell says which token would come next if the model ended there."
        ),
        N_(
            "Upwards a guess takes shape: every layer adds something to the residual stream, and the last row is the model itself."
        ),
        LENS,
    ),
    presets=(
        Preset(
            "layers_early",
            N_("Settled early"),
            N_("After “The Eiffel” the first layer already says “Tower”, and every layer after it agrees."),
            "layers_lens",
            {"model": STORYTELLER, "prompt": "The Eiffel"},
        ),
        Preset(
            "layers_turn",
            N_("A guess that turns"),
            N_("After “The opposite of hot is” the first layers say “hot”, and only the last two say “cold”."),
            "layers_lens",
            {"model": STORYTELLER, "prompt": "The opposite of hot is"},
        ),
        Preset(
            "layers_difference",
            N_("Who prefers loud to rough?"),
            N_(
                "For a dog’s bark “loud” is ahead of “rough” by nearly 3; the parts of the sum say who did it. With "
                "“tree” for “dog” the sum turns below zero."
            ),
            "layers_attribution",
            {"model": STORYTELLER, "prompt": "The dog's bark was"},
            {"layers_token": "loud", "layers_against": "rough"},
        ),
    ),
    latex=r"h_{\ell+1} = h_\ell + \text{attention}_\ell + \text{MLP}_\ell \qquad p_\ell = "
    r"\text{softmax}\big(W_U\, \text{norm}_f(h_\ell)\big)",
    symbols=N_(
        "h is the vector of a token in the residual stream, ℓ counts the layers, norm_f is the final norm, W_U the "
        "matrix that gives every token its logit."
    ),
    code=code,
    literature=LITERATURE,
    words=(*WORDS, "attribution", "mlp", "neuron", "parameter", "flop"),
)

READING = Guide(
    looking=(
        N_(
            "Each row is a layer, each column a token; a cell says which token would belong there if the model ended at that layer."
        ),
        N_("The word you look at is hidden, else there would be nothing to guess; upwards the guess takes shape."),
        LENS,
    ),
    presets=(
        Preset(
            "layers_capital",
            N_("From nothing to Paris"),
            N_("Only the last two rows say “paris”; the layers below do not yet know what is asked for."),
            "layers_lens",
            {"model": CLOZE, "prompt": "The capital of France is [MASK]."},
        ),
        Preset(
            "layers_bank",
            N_("One last change of mind"),
            N_("One layer before the end the guess is “side”; the last one makes it “bank”, with more than 90 %."),
            "layers_lens",
            {"model": CLOZE, "prompt": "He sat on the [MASK] of the river."},
        ),
        Preset(
            "layers_food",
            N_("The sort before the word"),
            N_("One layer before the end the guess is “food”; the last one names a thing: “tea”."),
            "layers_lens",
            {"model": CLOZE, "prompt": "I would like to eat some [MASK]."},
        ),
    ),
    latex=r"p_\ell = \text{softmax}\big(W_U\, f(h_\ell) + b\big)",
    symbols=N_(
        "h is the vector of the gap after layer ℓ, f the small layer before the output, W_U the matrix that gives "
        "every token its logit, b an offset for each."
    ),
    code=code,
    literature=(("logitlens2020", ""), ("devlin2019", ""), ("geva2021", "")),
    words=(*WORDS, "masked language model", "mlp", "neuron", "parameter"),
)

TRANSLATING = Guide(
    looking=(
        N_(
            "Each row is a layer of the decoder, each column a token of the translation; a cell says which token it would write next."
        ),
        N_(
            "The first rows know little of the source; upwards cross-attention brings it in, and the last row is the model itself."
        ),
        LENS,
    ),
    presets=(
        Preset(
            "layers_first_word",
            N_("The first word comes last"),
            N_("Only the last row says “La” for the house; below it even stands a word of another language."),
            "layers_lens",
            {"model": INTERPRETER, "prompt": "The house is big.", "target_focus": 0},
        ),
        Preset(
            "layers_where",
            N_("A question"),
            N_("“Où” appears only in the last row: until then the decoder does not know that it is to ask."),
            "layers_lens",
            {"model": INTERPRETER, "prompt": "Where is the station?", "target_focus": 0},
        ),
        Preset(
            "layers_dutch",
            N_("The same for Dutch"),
            N_("One layer before the end the guess is still French, “J'”; the last one makes it Dutch, “Het”."),
            "layers_lens",
            {"model": INTERPRETER, "prompt": ">>nld<< The house is big.", "target_focus": 0},
        ),
    ),
    latex=r"p_\ell = \text{softmax}(W_U\, h_\ell + b)",
    symbols=N_(
        "h is the vector of a token of the target after the decoder’s layer ℓ, W_U the matrix that gives every token "
        "its logit, b an offset for each."
    ),
    code=code,
    literature=(("logitlens2020", ""), ("vaswani2017", "§ 3.1")),
    words=(*WORDS, "cross-attention", "encoder-decoder", "parameter"),
)

GUIDES = {"decoder": WRITING_ON, "encoder": READING, "encoder-decoder": TRANSLATING}
