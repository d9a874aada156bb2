"""Words of the screen Generation, and the kinds of model."""

from pages.common.terms import Term
from pages.common.text import N_

TERMS = (
    Term(
        "beam search",
        N_("beam search|beam width"),
        N_(
            "Following the few likeliest beginnings at the same time in place of one alone. It can find a likelier "
            "text behind a less likely first token."
        ),
        (("sutskever2014", "§ 3.2"), ("wu2016", "§ 7")),
        "generation",
    ),
    Term(
        "length penalty",
        N_("length penalty"),
        N_(
            "A correction for comparing texts of different length: each further token makes the product of "
            "probabilities smaller, so the sum of logarithms is divided by a power of the length."
        ),
        (("wu2016", "§ 7"),),
        "generation",
    ),
    Term(
        "context window",
        N_("context window|context windows"),
        N_(
            "The most tokens that a model can read at once, its own included. What falls out of it no longer exists for the model."
        ),
        (("brown2020", "§ 2.1"),),
        "generation",
    ),
    Term(
        "kv cache",
        N_("KV cache|cache"),
        N_(
            "The keys and values of all tokens read so far, kept so that each new token needs only its own "
            "computation. It grows with the text."
        ),
        (("pope2022", ""),),
        "generation",
    ),
    Term(
        "prefill",
        N_("prefill"),
        N_(
            "The first pass of writing: the whole prompt is read at once, and its keys and values are put into the cache."
        ),
        (("pope2022", ""),),
        "generation",
    ),
    Term(
        "decode step",
        N_("decode step|decode steps"),
        N_("One round of writing after the prompt was read: a single token goes in, and the next one comes out."),
        (("pope2022", ""),),
        "generation",
    ),
    Term(
        "chat template",
        N_("chat template|template"),
        N_(
            "The rule by which a conversation becomes one text: special tokens are put around what each side said, "
            "and the assistant writes on after the last."
        ),
        (),
        "generation",
    ),
    Term(
        "system prompt",
        N_("system prompt|system prompts"),
        N_(
            "The part of a conversation that stands before all others and says how the assistant should be. For the "
            "model it is text like the rest."
        ),
        (),
        "generation",
    ),
    Term(
        "assistant",
        N_("assistant|assistants"),
        N_(
            "A language model that was trained further on conversations, so that it answers what it is asked in place of just writing on."
        ),
        (("ouyang2022", ""),),
        "generation",
    ),
    Term(
        "decoder",
        N_("decoder|decoders"),
        N_(
            "The part of a model that writes: each token sees only itself and those before it. Most models of today are a decoder alone."
        ),
        (("vaswani2017", "§ 3.1"), ("radford2019", "§ 2")),
        "generation",
    ),
    Term(
        "encoder",
        N_("encoder|encoders"),
        N_("The part of a model that reads: each token sees all others, before and after it."),
        (("vaswani2017", "§ 3.1"), ("devlin2019", "§ 3")),
        "attention",
    ),
    Term(
        "encoder-decoder",
        N_("encoder-decoder|encoder-decoders"),
        N_(
            "A model of two parts, such as a translator: an encoder reads the whole source, a decoder writes the "
            "target and looks at the source by cross-attention."
        ),
        (("sutskever2014", ""), ("vaswani2017", "§ 3.1")),
        "prediction",
    ),
)
