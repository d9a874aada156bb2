"""Help for the screen Prediction."""

from pages.common.guides import CLOZE, INTERPRETER, STORYTELLER, Guide, Preset
from pages.common.screen import Screen
from pages.common.text import N_
from viz import help_code

LATEX = (
    r"p_i = \frac{e^{z_i}}{\sum_v e^{z_v}} \qquad H = -\sum_v p_v \log_2 p_v \qquad \text{surprisal}(x) = -\log_2 p(x)"
)
SYMBOLS = N_(
    "z are the logits, one for each token of the vocabulary, p the probabilities made of them, H the entropy in "
    "bits: the surprisal that is to be expected."
)
WORDS = (
    "logit",
    "softmax",
    "probability",
    "log-probability",
    "surprisal",
    "entropy",
    "perplexity",
    "cross-entropy loss",
)


def code(s: Screen) -> str:
    """The likeliest token at the position in focus and its probability."""
    info = s.model.info
    ids = s.tokens.ids.tolist()
    return help_code.guess_code(info.kind, info.name, info.dtype, ids, s.target_ids, s.predicted_focus)


NEXT = Guide(
    looking=(
        N_(
            "The model has read the text up to the focused token and gives each token of its vocabulary a probability to come next."
        ),
        N_(
            "The table shows the likeliest, with all numbers behind them; the further cards ask how well the model foretold the whole text."
        ),
        N_(
            "Probability is not truth: it says what is usual after such words in the texts that the model has learnt from."
        ),
    ),
    presets=(
        Preset(
            "prediction_sure",
            N_("No doubt"),
            N_("After “Once upon a” comes “time” with more than 99.9 %. The entropy is nearly 0 bits."),
            "prediction_ledger",
            {"model": STORYTELLER, "prompt": "Once upon a"},
        ),
        Preset(
            "prediction_unsure",
            N_("Who knows?"),
            N_(
                "What Anna is, nobody can foretell: about 8 bits of entropy, as unsure as a choice among some 250 tokens."
            ),
            "prediction_ledger",
            {"model": STORYTELLER, "prompt": "My name is Anna and I am a"},
        ),
        Preset(
            "prediction_surprise",
            N_("A surprise"),
            N_(
                "“Soup” in place of “cold” has a surprisal of nearly 20 bits: the model held it for about one in a million."
            ),
            "prediction_surprisal",
            {"model": STORYTELLER, "prompt": "The opposite of hot is soup", "focus": 5},
        ),
    ),
    latex=LATEX,
    symbols=SYMBOLS,
    code=code,
    literature=(("shannon1948", "§ 6"), ("bengio2003", ""), ("jelinek1977", ""), ("hale2001", "")),
    words=WORDS,
)

GAP = Guide(
    looking=(
        N_("One word is hidden, and the model gives each token of its vocabulary a probability to stand there."),
        N_("It sees what stands before the gap and what stands after it; the further cards hide each word in turn."),
        N_("Choose above what is hidden: the word you look at, several words, or nothing at all."),
    ),
    presets=(
        Preset(
            "prediction_after",
            N_("The help comes later"),
            N_("All that says “paris” stands after the gap. A model that only reads forwards could not know it here."),
            "prediction_ledger",
            {"model": CLOZE, "prompt": "[MASK] is the capital of France."},
        ),
        Preset(
            "prediction_hidden",
            N_("A word hidden"),
            N_(
                "Hidden, “bank” is still the best guess, but with less than half of the probability: it is a real guess."
            ),
            "prediction_ledger",
            {"model": CLOZE, "prompt": "She took the money to the bank.", "focus": 7},
        ),
        Preset(
            "prediction_shown",
            N_("The same word in sight"),
            N_("Nothing is hidden: now it gets more than 95 %. Training hides words, for copying teaches little."),
            "prediction_ledger",
            {"model": CLOZE, "prompt": "She took the money to the bank.", "focus": 7, "masked": ()},
        ),
    ),
    latex=LATEX,
    symbols=SYMBOLS,
    code=code,
    literature=(("devlin2019", "§ 3.1"), ("salazar2020", ""), ("shannon1948", "§ 6")),
    words=(*WORDS, "masked language model", "pseudo-log-likelihood"),
)

DOGS = {"model": INTERPRETER, "prompt": "I have two dogs."}
TRANSLATION = Guide(
    looking=(
        N_(
            "The decoder has read the source and the translation up to the focused token, and gives each token a probability to come next."
        ),
        N_("Type a translation of your own above, and the screen says how likely the model holds it, token by token."),
        N_(
            "The likeliest translation is what is usual in the pairs of sentences that the model has learnt from; it "
            "need not be the best one."
        ),
    ),
    presets=(
        Preset(
            "prediction_own",
            N_("Its own translation"),
            N_("“J'ai deux chiens.” has together more than 80 %: the model sees hardly another way to say it."),
            "prediction_likelihood",
            DOGS,
        ),
        Preset(
            "prediction_cats",
            N_("Cats for dogs"),
            N_(
                "“J'ai deux chats.” is as good French, but no translation: “chats” alone surprises by more than 10 bits."
            ),
            "prediction_surprisal",
            DOGS | {"target": "J'ai deux chats.", "target_focus": 4},
        ),
        Preset(
            "prediction_grammar",
            N_("A mistake"),
            N_(
                "“Je ai” breaks a rule that nobody told the model: “ai” after “Je” surprises by about 7 bits, after “J'” by nearly none."
            ),
            "prediction_surprisal",
            DOGS | {"target": "Je ai deux chiens.", "target_focus": 2},
        ),
    ),
    latex=LATEX + r" \qquad p(y \mid x) = \prod_t p(y_t \mid y_{<t},\, x)",
    symbols=SYMBOLS,
    code=code,
    literature=(("sutskever2014", ""), ("vaswani2017", "§ 3"), ("shannon1948", "§ 6")),
    words=(*WORDS, "encoder-decoder"),
)

GUIDES = {"decoder": NEXT, "encoder": GAP, "encoder-decoder": TRANSLATION}
