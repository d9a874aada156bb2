"""What the words of the screens mean, in the order in which a sentence passes."""

from dataclasses import dataclass

from pages.common.literature import Reference


@dataclass(frozen=True)
class Term:
    """One entry of the glossary.

    `names`: the word and the forms in which it stands in sentences, with | between them, the first one its title; translated
    as one, so that another language gives its own forms. `screen`: where one sees it, a key of the page map.
    """

    key: str
    names: str
    meaning: str
    references: tuple[Reference, ...]
    screen: str
