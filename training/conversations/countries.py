"""Countries: capitals, languages, continents, food; and where famous places are."""

import random

from training.classroom.capitals import COMMON, COUNTRIES, Country
from training.conversations.turns import Turn, ask
from training.engine import fill, pick, read

SHARE = 1.6

_TEXTS = read("conversations/countries")


def _country(rng: random.Random) -> Country:
    way = rng.random()
    return pick(rng, COUNTRIES[:6] if way < 0.2 else COMMON if way < 0.8 else COUNTRIES)


def _yes_or_no(rng: random.Random, country: Country) -> Turn:
    wrong = [other.capital for other in COMMON if other.capital != country.capital]
    asked = country.capital if rng.random() < 0.5 else pick(rng, wrong)
    values = {"x": asked, "c": country.name, "k": country.capital}
    question = fill(rng, pick(rng, _TEXTS.lines("is it asked")), values)
    right = asked == country.capital
    answer = fill(rng, _TEXTS.lines("it is" if right else "it is not")[0], values)
    return Turn(question, answer, "Yes." if right else "No.")


def turn_of(rng: random.Random) -> Turn:
    """A question about a country or a famous place."""
    country = _country(rng)
    name, capital = country.name, country.capital
    way = rng.random()
    if way < 0.45:
        return ask(rng, _TEXTS, "capital", short=f"{capital}.", c=name, k=capital)
    if way < 0.57:
        return ask(rng, _TEXTS, "country", short=f"{name}.", c=name, k=capital)
    if way < 0.72 and country.language:
        return ask(rng, _TEXTS, "language", short=f"{country.language}.", c=name, l=country.language)
    if way < 0.8 and country.continent and country.continent != "Australia":
        return ask(rng, _TEXTS, "continent", short=f"{country.continent}.", c=name, e=country.continent)
    if way < 0.85 and country.food:
        return ask(rng, _TEXTS, "food", c=name, f=country.food)
    if way < 0.92:
        place, where = pick(rng, _TEXTS.rows("places"))
        return ask(rng, _TEXTS, "place", short=f"{where}.", p=place, w=where)
    return _yes_or_no(rng, country)
