"""Ready-made prompts, each for something it shows, by the kind of model."""

GAP = "[MASK]"
_WRITE_ON = (
    ("The Eiffel …", "The Eiffel"),
    ("A dog's bark", "The dog's bark was"),
    ("A tree's bark", "The tree's bark was"),
    ("Better safe …", "Better safe than"),
    ("Favourite colour", "My favourite colour is"),
    ("A story", "Once upon a time there was a little"),
)
_FILL = (
    ("A capital", "Paris is the capital of [MASK]."),
    ("Something to eat", "I would like to eat some [MASK]."),
    ("Who barks?", "The [MASK] barked at the cat."),
    ("A verb", "The children [MASK] in the garden."),
    ("Money or river?", "She took the money to the bank."),
    ("Two gaps", "The [MASK] is the opposite of the [MASK]."),
)
_TRANSLATE = (
    ("Llamas", "I love llamas"),
    ("Two dogs", "I have two dogs."),
    ("A house", "The house is big."),
    ("The station", "Where is the station?"),
    ("In the garden", "The children are playing in the garden."),
    ("Hungry", "I am hungry."),
)


def examples_for(kind: str, gap: str = "") -> tuple[tuple[str, str], ...]:
    """(label, text) of the prompts to try with a model of that kind; `gap` is its mark of a gap."""
    examples = {"decoder": _WRITE_ON, "encoder": _FILL, "encoder-decoder": _TRANSLATE}[kind]
    return tuple((label, text.replace(GAP, gap or GAP)) for label, text in examples)
