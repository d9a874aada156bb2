"""What the panel and the dice say, for components that cannot translate."""

from pages.common.text import t


def panel_words() -> dict:
    """Words of the component `sampler`."""
    rules = {"greedy": t("greedy"), "top_k": t("top-k"), "top_p": t("top-p"), "min_p": t("min-p")}
    return {
        "controls": _controls(),
        "presets": {
            "label": t("Try"),
            "own": t("the model as it is"),
            "greedy": t("greedy"),
            "careful": t("careful: T 0.7, top-p 0.9"),
            "wild": t("wild: T 1.5"),
        },
        "off": t("off"),
        "greedy": t("greedy"),
        "number": t("number"),
        "survive": t("tokens that can still be drawn"),
        "of": t("{n} of {all}"),
        "mass": t("of the model’s probability is kept"),
        "entropy": t("entropy before and after"),
        "bits": t("{before} → {after} bits"),
        "sizes": t("Rows"),
        "caption": t("The likeliest tokens, their numbers, and what becomes of them"),
        "columns": {
            "token": t("token"),
            "logit": t("logit"),
            "scaled": t("÷ T"),
            "bar": t("probability as a bar"),
            "model": t("model"),
            "final": t("final"),
            "verdict": t("verdict"),
            "model_long": t("outline: the model’s own probability"),
            "final_long": t("filled: what is drawn from"),
        },
        "kept": t("kept"),
        "cut": {name: t("✕ {rule}", rule=rule) for name, rule in rules.items()},
        "rules": rules,
        "times": t("how often the token stands in the text so far"),
        "more": t("⋮ {n} more that are kept"),
        "above": t("▲ kept: {n} with {p} of the model’s probability"),
        "below": t("▼ cut: {n} with {p}"),
        "working": t(
            "“{token}”: z/T = {z} ÷ {T} = {scaled}. Then e^({scaled} − {best}) = {e}, divided by the sum over all "
            "{n} that are kept, {sum}, gives {p}."
        ),
        "working_cut": t(
            "“{token}”: z/T = {z} ÷ {T} = {scaled}. It is cut by the rule {rule}, so its probability is 0."
        ),
        "working_greedy": t(
            "At T = 0 nothing is divided: the largest score wins. “{token}” has it with {z} and gets 100 %."
        ),
        "working_not_best": t(
            "At T = 0 nothing is divided: the largest score wins. “{token}” with {z} does not have it and gets 0 %."
        ),
    }


def _controls() -> dict:
    """Name, explanation and marks (share of the way, text) of each control."""
    return {
        "temperature": {
            "label": t("Temperature T"),
            "about": t("Every score is divided by it: below 1 the favourites gain, above 1 the others."),
            "marks": [[0, t("0 greedy")], [1 / 3, t("1 the model")], [1, "3"]],
        },
        "top_k": {
            "label": t("Top-k"),
            "about": t("Only the k best scores stay."),
            "marks": [[0, "1"], [1, t("all")]],
        },
        "top_p": {
            "label": t("Top-p"),
            "about": t("The fewest tokens stay that hold the share p together."),
            "marks": [[0, "0"], [1, t("1 all")]],
        },
        "min_p": {
            "label": t("Min-p"),
            "about": t("Only those stay that have at least this share of the favourite’s probability."),
            "marks": [[0, t("0 off")], [1, "1"]],
        },
        "repetition": {
            "label": t("Repetition"),
            "about": t("Positive scores of tokens that stand in the text are divided by it, negative ones multiplied."),
            "marks": [[0, "0.5"], [1 / 3, t("1 off")], [1, "2"]],
        },
        "presence": {
            "label": t("Presence"),
            "about": t("Taken once from the score of each token that stands in the text."),
            "marks": [[0, "−2"], [0.5, t("0 off")], [1, "2"]],
        },
        "frequency": {
            "label": t("Frequency"),
            "about": t("Taken from the score of a token as often as it stands in the text."),
            "marks": [[0, "−2"], [0.5, t("0 off")], [1, "2"]],
        },
    }
