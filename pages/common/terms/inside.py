"""Words of the screens Attention and Layers."""

from pages.common.terms import Term
from pages.common.text import N_

TERMS = (
    Term(
        "attention",
        N_("attention"),
        N_(
            "The step in which each token gathers information from others. It gives them shares that add up to 100 % "
            "and takes the mean of their values by these shares."
        ),
        (("vaswani2017", "§ 3.2"),),
        "attention",
    ),
    Term(
        "head",
        N_("head|heads|attention head|attention heads"),
        N_(
            "One of several attentions that work side by side in a layer. Each has its own weights and can look for something else."
        ),
        (("vaswani2017", "§ 3.2.2"),),
        "attention",
    ),
    Term(
        "query",
        N_("query|queries"),
        N_("A vector made from a token that says what this token is looking for. It is compared with the keys."),
        (("vaswani2017", "§ 3.2.1"),),
        "attention",
    ),
    Term(
        "key",
        N_("key|keys"),
        N_("A vector made from a token that says what can be found there. Queries are compared with it."),
        (("vaswani2017", "§ 3.2.1"),),
        "attention",
    ),
    Term(
        "value",
        N_("value|values"),
        N_("A vector made from a token that says what it hands on to those that look at it."),
        (("vaswani2017", "§ 3.2.1"),),
        "attention",
    ),
    Term(
        "softmax",
        N_("softmax"),
        N_(
            "Turns any list of numbers into shares that are positive and add up to 1: e is raised to the power of "
            "each number, and each result is divided by the sum of all."
        ),
        (("goodfellow2016", "§ 6.2.2.3"),),
        "sampling",
    ),
    Term(
        "causal mask",
        N_("causal mask|mask"),
        N_(
            "What keeps a token from looking at some others: their share is set to 0. In a model that writes on, the "
            "mask hides everything that comes later."
        ),
        (("vaswani2017", "§ 3.2.3"),),
        "attention",
    ),
    Term(
        "cross-attention",
        N_("cross-attention"),
        N_("Attention from one text to another: while a translator writes, its decoder looks at the source by it."),
        (("vaswani2017", "§ 3.2.3"),),
        "attention",
    ),
    Term(
        "attention sink",
        N_("attention sink|attention sinks"),
        N_(
            "A token, mostly the first one, to which a head gives its attention when it has nothing to look for. The "
            "shares must add up to 100 %, so they have to go somewhere."
        ),
        (("xiao2023", ""),),
        "attention",
    ),
    Term(
        "induction head",
        N_("induction head|induction heads|induction"),
        N_(
            "A head that continues a pattern: it looks for an earlier place where the present token stood, and there "
            "at the token that followed it."
        ),
        (("olsson2022", ""), ("elhage2021", "")),
        "attention",
    ),
    Term(
        "rollout",
        N_("rollout|attention rollout"),
        N_(
            "An estimate of where information came from over several layers: the mean attention of all layers is "
            "multiplied, half of each token being taken as passed straight on. It leaves out values and MLPs."
        ),
        (("abnar2020", ""),),
        "attention",
    ),
    Term(
        "grouped-query attention",
        N_("grouped-query attention"),
        N_(
            "Several heads share one set of keys and values. This saves memory while writing, at nearly the same quality."
        ),
        (("ainslie2023", "§ 2.2"),),
        "attention",
    ),
    Term(
        "sliding window",
        N_("sliding window|sliding windows"),
        N_(
            "Attention that sees only a fixed number of tokens back. Older ones can act only through the tokens between."
        ),
        (("beltagy2020", "§ 3.1"), ("jiang2023", "§ 2")),
        "attention",
    ),
    Term(
        "layer",
        N_("layer|layers"),
        N_(
            "One round of work on all tokens: attention gathers from other tokens, then an MLP works on each token "
            "alone. A model has several layers, one after the other."
        ),
        (("vaswani2017", "§ 3.1"),),
        "layers",
    ),
    Term(
        "residual stream",
        N_("residual stream"),
        N_(
            "The vector that each token carries through the layers. Every layer adds to it and overwrites nothing, "
            "so the result is a sum of all that was added."
        ),
        (("elhage2021", ""), ("he2016", "")),
        "layers",
    ),
    Term(
        "layer norm",
        N_("layer norm|final norm|norm|norms"),
        N_(
            "A step that brings a vector to a standard size before it is used, so that numbers neither explode nor "
            "vanish. Some models also take its mean away first (layer norm), others do not (RMS norm)."
        ),
        (("ba2016", "§ 3"), ("zhang2019", "")),
        "layers",
    ),
    Term(
        "mlp",
        N_("MLP|MLPs|feed-forward"),
        N_(
            "The part of a layer that works on each token alone: the vector is multiplied by a large matrix, bent by "
            "a simple function, and multiplied back. Most of the model’s weights are here."
        ),
        (("vaswani2017", "§ 3.3"), ("geva2021", "")),
        "layers",
    ),
    Term(
        "neuron",
        N_("neuron|neurons"),
        N_(
            "One of the numbers in the middle of an MLP. It becomes large for certain inputs, and then adds its own "
            "fixed vector to the residual stream."
        ),
        (("geva2021", ""),),
        "layers",
    ),
    Term(
        "logit lens",
        N_("logit lens"),
        N_(
            "Reading a vector from the middle of the model as if it were the last one: through the final norm and "
            "the output matrix. It shows what the model would say if it had to stop there."
        ),
        (("logitlens2020", ""),),
        "layers",
    ),
    Term(
        "attribution",
        N_("attribution|logit attribution"),
        N_(
            "Splitting a logit into what each part of the model added to it. With the size in the final norm held "
            "fixed the parts add up to it exactly."
        ),
        (("elhage2021", ""), ("wang2022", "")),
        "layers",
    ),
    Term(
        "parameter",
        N_("parameter|parameters"),
        N_(
            "One of the numbers of a model that training has set. Their count is what people mean by the size of a model."
        ),
        (("kaplan2020", "§ 2.1"),),
        "layers",
    ),
    Term(
        "flop",
        N_("FLOP|FLOPs"),
        N_(
            "One addition or multiplication of two numbers. Reading one token costs about two for each parameter "
            "that takes part, plus those of attention."
        ),
        (("kaplan2020", "§ 2.1"),),
        "layers",
    ),
    Term(
        "mixture of experts",
        N_("mixture of experts|router|experts"),
        N_(
            "A layer with many MLPs, the experts, of which a router chooses a few for each token. The model can be "
            "large while each token costs little."
        ),
        (("shazeer2017", "§ 2"),),
        "layers",
    ),
    Term(
        "quantisation",
        N_("quantisation|quantised"),
        N_(
            "Storing each parameter with fewer bits, such as 8 or 4 in place of 16 or 32. The model takes less "
            "memory, and its numbers change a little."
        ),
        (("dettmers2022", ""),),
        "layers",
    ),
)
