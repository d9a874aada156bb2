"""English sentences that can be said in another language: each keeps its template and what fills its gaps."""

import re
from collections.abc import Callable, Mapping

_GAP = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with its named gaps filled; a gap that nothing fills, such as braces that a person typed, stays as it is.

    >>> fill("{n:,} of {name}", {"n": 1200})
    '1,200 of {name}'
    """
    return _GAP.sub(lambda gap: format(values[gap[1]], gap[2] or "") if gap[1] in values else gap[0], template)


class Sentence(str):
    """The English text, which knows how to say itself in another language: `Sentence("{n} words", n=3) == "3 words"`.

    The first argument is a literal, so that the catalogue of translations can list it. A value that is a Sentence itself is
    translated with it.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Sentence":
        if isinstance(template, Sentence):
            return template
        made = super().__new__(cls, fill(template, values))
        made.template, made.values = str(template), values
        return made

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence in the words that `translate` finds for its template."""
        values = {
            name: value.said(translate) if isinstance(value, Sentence) else value for name, value in self.values.items()
        }
        return fill(translate(self.template), values)
