"""Ready-made prompts, each for something it shows, by the kind of model."""

from pages.common.text import N_

GAP = "[MASK]"
_WRITE_ON = (
    (N_("The Eiffel …"), "The Eiffel"),
    (N_("A dog's bark"), "The dog's bark was"),
    (N_("A tree's bark"), "The tree's bark was"),
    (N_("Better safe …"), "Better safe than"),
    (N_("Favourite colour"), "My favourite colour is"),
    (N_("A story"), "Once upon a time there was a little"),
)
_FILL = (
    (N_("A capital"), "Paris is the capital of [MASK]."),
    (N_("Something to eat"), "I would like to eat some [MASK]."),
    (N_("Who barks?"), "The [MASK] barked at the cat."),
    (N_("A verb"), "The children [MASK] in the garden."),
    (N_("Money or river?"), "She took the money to the bank."),
    (N_("Two gaps"), "The [MASK] is the opposite of the [MASK]."),
)
_TRANSLATE = (
    (N_("Llamas"), "I love llamas"),
    (N_("Two dogs"), "I have two dogs."),
    (N_("A house"), "The house is big."),
    (N_("The station"), "Where is the station?"),
    (N_("In the garden"), "The children are playing in the garden."),
    (N_("Hungry"), "I am hungry."),
)


def examples_for(kind: str, gap: str = "") -> tuple[tuple[str, str], ...]:
    """(label, text) of the prompts to try with a model of that kind; `gap` is its mark of a gap."""
    examples = {"decoder": _WRITE_ON, "encoder": _FILL, "encoder-decoder": _TRANSLATE}[kind]
    return tuple((label, text.replace(GAP, gap or GAP)) for label, text in examples)
