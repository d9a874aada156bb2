"""Help for the screen Sampling, the same for every kind of model."""

from pages.common import settings
from pages.common.guides import KINDS, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code


def code(s: Screen) -> str:
    """The final probability of the favourite under the present settings."""
    info = s.model.info
    ids = s.tokens.ids.tolist()
    return help_code.sampling_code(
        info.kind, info.name, info.dtype, ids, s.target_ids, s.predicted_focus, settings.now()
    )


COLOUR = {"model": STORYTELLER, "prompt": "My favourite colour is"}
GUIDE = Guide(
    looking=(
        N_("The model only gives scores; which token is taken is decided afterwards, by rules that you set here."),
        N_("An outline is the model’s own probability, a filled bar what is left of it after temperature and cuts."),
        N_("The dice then fall on one of the tokens that are left, each as often as its share says."),
    ),
    presets=(
        Preset(
            "sampling_greedy",
            N_("No dice: greedy"),
            N_("At temperature 0 one token is left, though the model gave it less than 20 %."),
            "sampling_panel",
            COLOUR | {"temperature": 0.0},
        ),
        Preset(
            "sampling_hot",
            N_("Too hot"),
            N_(
                "At temperature 2 even “time” after “Once upon a” falls from more than 99.9 % to less than 80 %; nonsense shares the rest."
            ),
            "sampling_panel",
            {"model": STORYTELLER, "prompt": "Once upon a", "temperature": 2.0},
        ),
        Preset(
            "sampling_nucleus",
            N_("A cut that breathes"),
            N_(
                "With top-p 0.9 nine tokens are kept after “My favourite colour is”, and a single one after “Once upon a”."
            ),
            "sampling_breathing",
            COLOUR | {"top_p": 0.9},
            {"sampling_other": "Once upon a"},
        ),
    ),
    latex=r"p_i = \frac{e^{z_i/T}}{\sum_{v\ \text{kept}} e^{z_v/T}} \quad (i\ \text{kept}), \qquad p_i = 0 \quad (i\ \text{cut})",
    symbols=N_(
        "z are the logits after the penalties, T is the temperature. Top-k, top-p and min-p say which tokens are "
        "kept; what is kept adds up to 1 again."
    ),
    code=code,
    literature=(
        ("holtzman2020", "§ 3"),
        ("fan2018", ""),
        ("nguyen2024", ""),
        ("keskar2019", "§ 4.1"),
        ("ackley1985", ""),
    ),
    words=("sampling", "greedy", "temperature", "top-k", "top-p", "min-p", "repetition penalty", "seed"),
)

GUIDES = dict.fromkeys(KINDS, GUIDE)
