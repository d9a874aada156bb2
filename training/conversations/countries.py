"""Countries: capitals, languages, continents, food; and where famous places are."""

import random

from training.classroom.capitals import COUNTRIES
from training.conversations.engine import Turn, cap, frames, pick, table, turn

SHARE = 1.6

_CAPITAL = frames("""
What is the capital of {c}?
What is the capital of {c}?
What is the capital of {c}?
Which city is the capital of {c}?
Can you tell me the capital of {c}?
Do you know the capital of {c}?
Tell me the capital of {c}.
Please name the capital of {c}.
What is the capital city of {c}?
The capital of {c}, please!
What is {c}'s capital?
""")
_COUNTRY = frames("""
Which country has {k} as its capital?
{k} is the capital of which country?
In which country is {k}?
Where is {k}?
Do you know where {k} is?
""")
_LANGUAGE = frames("""
What do people in {c} speak?
Which language do people speak in {c}?
What language do they speak in {c}?
Which language is spoken in {c}?
Tell me the language of {c}.
""")
_CONTINENT = frames("""
Which continent is {c} in?
On which continent is {c}?
Where is {c}?
""")
_FOOD = frames("""
What do people eat in {c}?
What can I eat in {c}?
What is a typical food of {c}?
""")
_PLACES = table("""
the Eiffel Tower | Paris
the Statue of Liberty | New York
Big Ben | London
the Colosseum | Rome
the Great Wall | China
the Taj Mahal | India
the Golden Gate Bridge | San Francisco
the Leaning Tower | Pisa
the Brandenburg Gate | Berlin
Mount Fuji | Japan
Tower Bridge | London
the Louvre | Paris
the Acropolis | Athens
the Matterhorn | Switzerland
the Opera House with the white sails | Sydney
the Sahara | Africa
the Amazon | South America
Machu Picchu | Peru
""")


def _country(rng: random.Random) -> tuple[str, ...]:
    way = rng.random()
    return pick(rng, COUNTRIES[:6] if way < 0.2 else COUNTRIES[:40] if way < 0.8 else COUNTRIES)


def _yes_or_no(rng: random.Random, name: str, capital: str) -> Turn:
    asked = capital if rng.random() < 0.5 else pick(rng, [row[1] for row in COUNTRIES[:40] if row[1] != capital])
    question = pick(rng, ("Is {x} the capital of {c}?", "Is the capital of {c} {x}?")).format(x=asked, c=name)
    if asked == capital:
        return Turn(question, f"Yes, {capital} is the capital of {name}.", "Yes.")
    return Turn(question, f"No, the capital of {name} is {capital}.", "No.")


def turn_of(rng: random.Random) -> Turn:
    """A question about a country or a famous place."""
    name, capital, continent, language, _, food = _country(rng)
    way = rng.random()
    if way < 0.45:
        return turn(rng, _CAPITAL, ("the capital of {c} is {k}.",) * 3 + ("{k} is the capital of {c}.",), f"{capital}.", c=name, k=capital)  # fmt: skip
    if way < 0.57:
        return turn(rng, _COUNTRY, ("{k} is in {c}. It is the capital.", "{k} is the capital of {c}."), f"{cap(name)}.", c=name, k=capital)  # fmt: skip
    if way < 0.72 and language:
        return turn(rng, _LANGUAGE, ("people in {c} speak {l}.", "in {c} people speak {l}."), f"{language}.", c=name, l=language)  # fmt: skip
    if way < 0.8 and continent and continent != "Australia":
        return turn(rng, _CONTINENT, ("{c} is in {e}.",), f"{continent}.", c=name, e=continent)
    if way < 0.85 and food:
        return turn(rng, _FOOD, ("people in {c} like {f}.", "in {c} you can eat {f}."), c=name, f=food)
    if way < 0.92:
        place, where = pick(rng, _PLACES)
        return turn(rng, ("where is {p}?", "do you know where {p} is?", "where can I see {p}?"), ("{p} is in {w}.",), f"{where}.", p=place, w=where)  # fmt: skip
    return _yes_or_no(rng, name, capital)
