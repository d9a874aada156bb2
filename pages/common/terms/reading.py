"""Words of the screens Text, Tokens and Embeddings."""

from pages.common.terms import Term
from pages.common.text import N_

TERMS = (
    Term(
        "language model",
        N_("language model|language models"),
        N_(
            "A program that gives every possible next piece of text a probability, after it has read the text so "
            "far. It has learnt them from many texts."
        ),
        (("bengio2003", ""), ("brown2020", "§ 2")),
        "home",
    ),
    Term(
        "prompt",
        N_("prompt|prompts"),
        N_("The text that a model is given to start with. Everything it predicts depends on it."),
        (("brown2020", "§ 2"),),
        "home",
    ),
    Term(
        "token",
        N_("token|tokens"),
        N_(
            "A piece of text that the model treats as one unit: a word, a part of a word, a sign or a single byte. "
            "Each has a number in a fixed list."
        ),
        (("sennrich2016", ""), ("radford2019", "§ 2.2")),
        "tokens",
    ),
    Term(
        "tokenizer",
        N_("tokenizer|tokenizers"),
        N_(
            "The part that cuts a text into tokens and gives each its number. It is made once, before the model is "
            "trained, and never changes after that."
        ),
        (("sennrich2016", ""), ("kudo2018", "")),
        "tokens",
    ),
    Term(
        "vocabulary",
        N_("vocabulary|vocabularies"),
        N_("The fixed list of all tokens that a model knows. It can read and write nothing else."),
        (("sennrich2016", ""),),
        "tokens",
    ),
    Term(
        "byte",
        N_("byte|bytes"),
        N_(
            "A number from 0 to 255, the unit in which computers store text. In the usual encoding, UTF-8, a "
            "character takes one to four bytes."
        ),
        (("radford2019", "§ 2.2"),),
        "tokens",
    ),
    Term(
        "byte-pair encoding",
        N_("byte-pair encoding|BPE"),
        N_(
            "A way to make a vocabulary: start with single characters or bytes, and again and again join the pair of "
            "neighbours that is most frequent in the training text. Frequent words end up whole, rare ones in pieces."
        ),
        (("sennrich2016", "§ 3.2"), ("radford2019", "§ 2.2")),
        "tokens",
    ),
    Term(
        "merge",
        N_("merge|merges"),
        N_(
            "One joining of two neighbouring pieces into a longer one. A tokenizer keeps its merges in the order in "
            "which it learnt them and applies the earliest first."
        ),
        (("sennrich2016", "§ 3.2"),),
        "tokens",
    ),
    Term(
        "special token",
        N_("special token|special tokens"),
        N_(
            "A token that stands for no text but for a fact about it, such as “here it begins”, “here it ends” or “a word is hidden here”."
        ),
        (("devlin2019", "§ 3"),),
        "tokens",
    ),
    Term(
        "end token",
        N_("end token|end tokens"),
        N_("The special token by which a model says that its text is finished. Writing stops when it is chosen."),
        (("sutskever2014", "§ 2"),),
        "generation",
    ),
    Term(
        "vector",
        N_("vector|vectors"),
        N_(
            "A list of numbers of fixed length. It can be thought of as an arrow or as a point in a space with as "
            "many directions as there are numbers."
        ),
        (("goodfellow2016", "§ 2.1"),),
        "embeddings",
    ),
    Term(
        "embedding",
        N_("embedding|embeddings"),
        N_(
            "The vector that stands for a token inside the model. It is looked up in a table and was learnt in "
            "training, so that tokens used alike get similar vectors."
        ),
        (("bengio2003", ""), ("vaswani2017", "§ 3.4")),
        "embeddings",
    ),
    Term(
        "dot product",
        N_("dot product|dot products"),
        N_(
            "Two vectors are multiplied number by number and the products added up. It is large when both point the same way and are long."
        ),
        (("goodfellow2016", "§ 2.2"),),
        "attention",
    ),
    Term(
        "cosine",
        N_("cosine|cosines"),
        N_(
            "How far two vectors point the same way, whatever their lengths: 1 is the same direction, 0 a right "
            "angle, −1 the opposite. It is their dot product divided by both lengths."
        ),
        (("mikolov2013", "§ 4"),),
        "embeddings",
    ),
    Term(
        "analogy",
        N_("analogy|analogies"),
        N_(
            "Arithmetic with vectors, such as king − man + woman, in the hope that the result lies near queen. Often "
            "it lies nearest to one of the words put in."
        ),
        (("mikolov2013", "§ 4"),),
        "embeddings",
    ),
    Term(
        "pca",
        N_("PCA|principal components"),
        N_(
            "Principal component analysis: a picture of many-dimensional points seen from the side on which they "
            "spread most. It only turns and flattens, so large distances are kept best."
        ),
        (("pearson1901", ""), ("goodfellow2016", "§ 2.12")),
        "embeddings",
    ),
    Term(
        "t-sne",
        N_("t-SNE"),
        N_(
            "A way to draw many-dimensional points on a plane so that near neighbours stay neighbours. Distances "
            "between far groups and the sizes of groups mean little."
        ),
        (("maaten2008", ""),),
        "embeddings",
    ),
    Term(
        "umap",
        N_("UMAP"),
        N_(
            "A way to draw many-dimensional points on a plane from a graph of nearest neighbours. As with t-SNE, "
            "trust who stands near whom more than how far apart groups are."
        ),
        (("mcinnes2018", ""),),
        "embeddings",
    ),
    Term(
        "trustworthiness",
        N_("trustworthiness"),
        N_(
            "A number from 0 to 1 that says how far the neighbours on a drawn map are neighbours in the full space "
            "too; 1 means no false neighbours."
        ),
        (("venna2001", ""),),
        "embeddings",
    ),
    Term(
        "silhouette",
        N_("silhouette|silhouettes"),
        N_(
            "A number from −1 to 1 for a point in a group: 1 when it lies close to its own group and far from the "
            "next one, 0 on the border between both."
        ),
        (("rousseeuw1987", ""),),
        "embeddings",
    ),
    Term(
        "position encoding",
        N_("position encoding|position encodings|position vector|position vectors"),
        N_(
            "What tells a model in which order the tokens stand: attention alone would see them as a heap. It may be "
            "a vector added to each token, a turning of queries and keys, or a penalty on distance."
        ),
        (("vaswani2017", "§ 3.5"),),
        "embeddings",
    ),
    Term(
        "rotary",
        N_("rotary positions|rotary"),
        N_(
            "A position encoding that turns each query and key by an angle that grows with its place. Their dot "
            "product then depends only on how far apart the two tokens are."
        ),
        (("su2021", "§ 3"),),
        "embeddings",
    ),
    Term(
        "alibi",
        N_("ALiBi"),
        N_(
            "A position encoding without vectors: from each attention score an amount is taken that grows with the "
            "distance between the two tokens, faster in some heads than in others."
        ),
        (("press2022", "§ 3"),),
        "embeddings",
    ),
    Term(
        "relative bias",
        N_("relative bias"),
        N_(
            "A position encoding that adds to each attention score a learnt number which depends on the distance between the two tokens."
        ),
        (("raffel2020", "§ 2.1"),),
        "embeddings",
    ),
)
