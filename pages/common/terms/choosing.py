"""Words of the screens Prediction and Sampling."""

from pages.common.terms import Term
from pages.common.text import N_

TERMS = (
    Term(
        "logit",
        N_("logit|logits"),
        N_(
            "The score that a model gives a token before scores become probabilities. Only differences between "
            "logits matter: one more means e ≈ 2.7 times as likely."
        ),
        (("goodfellow2016", "§ 6.2.2.3"), ("vaswani2017", "§ 3.4")),
        "prediction",
    ),
    Term(
        "probability",
        N_("probability|probabilities"),
        N_(
            "A number from 0 to 1 that says how much a model counts on something. Those of all tokens add up to 1, that is 100 %."
        ),
        (("goodfellow2016", "§ 3.3"),),
        "prediction",
    ),
    Term(
        "log-probability",
        N_("log-probability|log-probabilities|ln p|logarithm|logarithms"),
        N_(
            "The logarithm of a probability, 0 or below. Where probabilities of many tokens would be multiplied and "
            "vanish, their logarithms are simply added."
        ),
        (("goodfellow2016", "§ 5.5"),),
        "sampling",
    ),
    Term(
        "bit",
        N_("bit|bits"),
        N_(
            "The unit of information when logarithms are taken to the base 2: one bit is what the answer to one fair "
            "yes-or-no question tells."
        ),
        (("shannon1948", ""),),
        "prediction",
    ),
    Term(
        "nat",
        N_("nat|nats"),
        N_("The unit of information when natural logarithms are used: 1 nat is about 1.44 bits."),
        (("goodfellow2016", "§ 3.13"),),
        "prediction",
    ),
    Term(
        "surprisal",
        N_("surprisal|surprisals"),
        N_(
            "How unexpected a token was: the logarithm of its probability, with the sign turned. Probability one "
            "half gives 1 bit, one quarter 2 bits, certainty 0."
        ),
        (("shannon1948", ""), ("hale2001", "")),
        "prediction",
    ),
    Term(
        "entropy",
        N_("entropy"),
        N_(
            "How unsure a distribution is: the surprisal that is to be expected on average. 0 bits is certainty; "
            "each bit more doubles the number of equally likely tokens that it is like."
        ),
        (("shannon1948", "§ 6"),),
        "prediction",
    ),
    Term(
        "perplexity",
        N_("perplexity|pseudo-perplexity"),
        N_(
            "2 to the power of the mean surprisal in bits: a model with perplexity 10 is on average as unsure as one "
            "that has to guess among 10 equally likely tokens."
        ),
        (("jelinek1977", ""),),
        "prediction",
    ),
    Term(
        "cross-entropy loss",
        N_("cross-entropy loss|cross-entropy|loss"),
        N_(
            "The number that training makes smaller: the mean surprisal of the tokens that really came. It is 0 only "
            "for a model that is sure and right every time."
        ),
        (("goodfellow2016", "§ 5.5"),),
        "prediction",
    ),
    Term(
        "masked language model",
        N_("masked language model|masked language models"),
        N_(
            "A model that was trained to guess words that are hidden in a text, from the words before and after "
            "them. It fills gaps and does not write on."
        ),
        (("devlin2019", "§ 3.1"),),
        "prediction",
    ),
    Term(
        "pseudo-log-likelihood",
        N_("pseudo-log-likelihood"),
        N_(
            "A score for a whole text by a model that fills gaps: each token is hidden in turn, and the "
            "log-probabilities of the right ones are added up. It ranks texts but is not the probability of the text."
        ),
        (("salazar2020", ""),),
        "prediction",
    ),
    Term(
        "sampling",
        N_("sampling"),
        N_(
            "Choosing the next token at random, each as often as its probability says, in place of always the likeliest."
        ),
        (("holtzman2020", "§ 3"),),
        "sampling",
    ),
    Term(
        "greedy",
        N_("greedy"),
        N_("Always taking the likeliest token. No chance is involved, and the same prompt gives the same text."),
        (("holtzman2020", ""),),
        "sampling",
    ),
    Term(
        "temperature",
        N_("temperature|temperatures"),
        N_(
            "The number by which all logits are divided before they become probabilities. Below 1 the favourites "
            "gain, above 1 the others; at 0 only the favourite is left."
        ),
        (("ackley1985", ""), ("hinton2015", "§ 2")),
        "sampling",
    ),
    Term(
        "top-k",
        N_("top-k"),
        N_("A rule for sampling: only the k tokens with the highest logits can be drawn."),
        (("fan2018", ""),),
        "sampling",
    ),
    Term(
        "top-p",
        N_("top-p|nucleus"),
        N_(
            "A rule for sampling, also called nucleus sampling: the fewest tokens are kept whose probabilities "
            "together reach p. Few are left where the model is sure, many where it is not."
        ),
        (("holtzman2020", "§ 3.1"),),
        "sampling",
    ),
    Term(
        "min-p",
        N_("min-p"),
        N_("A rule for sampling: kept are the tokens that have at least this share of the favourite’s probability."),
        (("nguyen2024", ""),),
        "sampling",
    ),
    Term(
        "repetition penalty",
        N_("repetition penalty"),
        N_(
            "Makes tokens that already stand in the text less likely: positive logits are divided by it, negative "
            "ones multiplied. 1 changes nothing."
        ),
        (("keskar2019", "§ 4.1"),),
        "sampling",
    ),
    Term(
        "presence penalty",
        N_("presence penalty"),
        N_(
            "An amount taken once from the logit of every token that already stands in the text. It is a setting of "
            "public services rather than of a paper."
        ),
        (),
        "sampling",
    ),
    Term(
        "frequency penalty",
        N_("frequency penalty"),
        N_(
            "An amount taken from the logit of a token as often as it already stands in the text. It is a setting of "
            "public services rather than of a paper."
        ),
        (),
        "sampling",
    ),
    Term(
        "seed",
        N_("seed|seeds"),
        N_(
            "The number at which a generator of random numbers starts. The same seed gives the same numbers, so a "
            "drawn text can be repeated."
        ),
        (),
        "sampling",
    ),
)
