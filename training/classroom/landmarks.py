"""Famous landmarks: what they are called, where they are, and what they look like."""

import random

from training.classroom.engine import RELATIVES, TIMES, cap, people, pick, some, text
from training.lesson_prompts import is_bare_prompt

SHARE = 1.3

# Name | place | country | what it is | facts ("it ..."), each one ending a sentence.
_LANDMARKS = tuple(
    tuple(line.split("|"))
    for line in """the Eiffel Tower|Paris|France|a tall iron tower|is made of iron|is taller than three hundred metres|shines with many lights at night|is brown and very tall|has lifts and many stairs
the Statue of Liberty|New York|the United States|a big green statue|holds a torch in its right hand|stands on an island|was a gift from France|wears a crown
the Great Wall of China|the north of China|China|a very long wall|was built of stone and brick|goes over the mountains|is thousands of kilometres long|has many watchtowers
the Taj Mahal|Agra|India|a beautiful white building|is made of white marble|has a big round dome|was built by an emperor for his wife|stands next to a river
Big Ben|London|England|a famous bell in a clock tower|rings every hour|hangs in a tall clock tower|is very heavy
the Golden Gate Bridge|San Francisco|the United States|a long red bridge|is painted orange-red|is often in the fog|hangs on two thick cables
the Colosseum|Rome|Italy|a huge round theatre of stone|was built by the Romans|is almost two thousand years old|has many arches
Niagara Falls|North America|Canada and the United States|a group of big waterfalls|makes a lot of noise|is wet and loud|lies between Canada and the United States
Mount Everest|the Himalayas|Nepal and China|the highest mountain in the world|is covered with snow|is more than eight thousand metres high|is very cold at the top
the Sydney Opera House|Sydney|Australia|a white opera house by the water|has a roof like white sails|stands by the harbour|is a place for music
the Leaning Tower of Pisa|Pisa|Italy|a white tower that is not straight|leans to one side|is white and round|looks as if it will fall
Tower Bridge|London|England|a bridge with two towers|opens for tall ships|crosses the River Thames|has two towers
the Brandenburg Gate|Berlin|Germany|a big stone gate|has six rows of columns|has four horses on its top|is very old
the Great Pyramid of Giza|Giza|Egypt|a huge pyramid of stone|was built for a king|is more than four thousand years old|stands in the desert
the Great Sphinx|Giza|Egypt|a stone lion with a human head|has lost its nose|lies in the sand near the pyramids|is very old
the Grand Canyon|Arizona|the United States|a deep red valley|was made by a river|is very deep and wide|has red and orange rocks
Stonehenge|the south of England|England|a circle of huge stones|is thousands of years old|stands on a wide green plain|is full of secrets
Mount Fuji|the middle of Japan|Japan|the highest mountain in Japan|is a volcano|has snow on its top|looks like a white hat in winter
Loch Ness|the Highlands|Scotland|a long deep lake|is famous for the story of a monster|is dark and cold|is very deep
the Amazon|South America|Brazil and Peru|a very long river|flows through the rainforest|carries more water than any other river|is home to pink dolphins
the Nile|Africa|Egypt and Sudan|a very long river|flows through the desert|flows into the Mediterranean Sea|is home to crocodiles
the Sahara|Africa|the north of Africa|the biggest hot desert in the world|is hot and dry|is full of sand and stones|is home to camels
the Matterhorn|the Alps|Switzerland|a steep mountain|looks like a pyramid|is covered with snow|is hard to climb
the Acropolis|Athens|Greece|an old temple hill|stands high above the city|has white columns|is more than two thousand years old
Buckingham Palace|London|England|the home of the British kings and queens|has hundreds of rooms|has guards with tall black hats|has a big garden
the London Eye|London|England|a giant wheel|stands by the River Thames|turns very slowly|carries people high above the city
the Louvre|Paris|France|a famous museum|has a glass pyramid|is the home of the Mona Lisa|is very big
the Empire State Building|New York|the United States|a very tall building|has more than one hundred floors|is lit up at night|has a lift to the top
Mount Vesuvius|the south of Italy|Italy|a famous volcano|stands near the city of Naples|once covered Pompeii with ash|is still alive inside
the Great Barrier Reef|the sea near Australia|Australia|the biggest coral reef in the world|is full of bright fish|is made by tiny animals|is home to turtles
Machu Picchu|the Andes|Peru|an old city of stone|lies high in the mountains|was built by the Incas|is visited by many people
Red Square|Moscow|Russia|a very big square|lies next to the Kremlin|is wide and old|has a colourful church at one end
Victoria Falls|the south of Africa|Zambia and Zimbabwe|a huge waterfall|is called the smoke that thunders|makes rainbows in the air|is very wide
Neuschwanstein Castle|Bavaria|Germany|a castle on a hill|looks like a castle in a fairy tale|was built for a king|has many white towers
Edinburgh Castle|Edinburgh|Scotland|an old castle on a rock|stands high above the city|is many hundred years old|has thick walls
Kilimanjaro|the east of Africa|Tanzania|the highest mountain in Africa|has snow on its top|is an old volcano|stands alone on the plain
the Atomium|Brussels|Belgium|a building of nine shining balls|looks like a giant crystal|is made of steel|shines in the sun
the Trevi Fountain|Rome|Italy|a famous fountain|is full of coins|is made of white stone|is loud with falling water""".splitlines()
)
_LESSON = _LANDMARKS[:4]

_OPEN = tuple(
    [
        "{N} and {O} went on a trip",
        "{T} {N} looked at a big picture book",
        "{N} got a postcard from {his} {R}",
        "{N} gave a talk at school",
        "the class talked about famous places",
        "{N} flew to {C} with {his} {R}",
        "{N} and {his} {R} were in {P}",
        "we were in {P}",
        "they came to {P} by train",
        "{T} {N} showed {O} some photos",
        "on the wall of the classroom hung a map",
        "{N} had a dream",
        "{N} loves to travel",
        "{N}'s {R} was back from {C}",
        "the bus stopped and everybody got out",
        "after a long flight they were in {C}",
        "{O} put a new poster on the wall",
        "{N} wanted to see the whole world",
        "the holidays began {T}",
        "{N} and {O} played a game about famous places",
        "in {C} there is a lot to see",
        "{N} bought a ticket to {P}",
        "{O} asked {N} about the journey",
        "it was a sunny day in {P}",
        "the teacher held up a picture",
        "{N} built a model out of paper",
    ]
)
_FACT = tuple(
    """{X} is in {P}|{x} is in {C}|{X} {f}|{X} {f}|{X} {f} and {g}|{X} is {w}|{X} is {w} in {C}|{X} is one of the most famous sights of {C}|in {P} you can see {x}|many people visit {x} every year|{X} is famous all over the world|everybody knows {x}|if you go to {C}, you should see {x}|do you know {x}? It {f}|have you ever seen {x}? It is in {P}|millions of people have seen {x}|{X} is {w}. It {f}|{x} can be found in {P}""".replace(
        "{X}", "{x}"
    ).split("|")
)
_DID = tuple(
    [
        "they saw {x}",
        "we saw {x}",
        "they took a photo of {x}",
        "we took a photo of {x}",
        "{N} drew {x} with a pencil",
        "{N} wanted to see {x}",
        "{O} waved from {x}",
        "they looked at {x} for a long time",
        "on the postcard was {x}",
        "{N} sent a card with a picture of {x}",
        "we visited {x}",
        "they visited {x} in the morning",
        "{N}'s {R} had once seen {x}",
        "{N} bought a small model of {x}",
        '"Look, {x}!" called {N}',
        '"That is {x}," said {O}',
        '"I have seen {x}," said {N}',
        "first they had lunch, then they went to {x}",
        "behind the trees they saw {x}",
        "{N} read a book about {x}",
        "from the plane they could see {x}",
    ]
)
_NEAR = ("{O} waved from", "behind the trees", "{N} bought a small model", "first they had lunch")
_WIDE = ("Amazon", "Nile", "Sahara", "Reef", "Canyon", "Falls", "Loch")
_SPECIAL = {
    "the Eiffel Tower": "they went up the Eiffel Tower|the Eiffel Tower is the most famous tower in Paris|they climbed the stairs of the Eiffel Tower|from the top of the Eiffel Tower you can see all of Paris|the Eiffel Tower stood before them|they had a picnic under the Eiffel Tower|the Eiffel Tower was bright in the evening|the Eiffel Tower is the pride of Paris",
    "the Statue of Liberty": "the Statue of Liberty welcomes the ships|they took a boat to the Statue of Liberty|inside the Statue of Liberty there are many steps|the Statue of Liberty is green because it is made of copper",
    "the Great Wall of China": "they walked along the Great Wall of China|they walked along the Great Wall of China|they walked along the Great Wall of China|they walked along the Great Wall of China|{N} walked along the Great Wall of China|{N} and {O} stood on the Great Wall of China|we walked along the Great Wall of China for an hour|they walked along the Great Wall of China until the sun went down",
    "the Taj Mahal": "we took a photo of the Taj Mahal|we took a photo of the Taj Mahal|we took a photo of the Taj Mahal|they saw the Taj Mahal in the morning sun|we took a photo of the Taj Mahal and sent it home|the white walls of the Taj Mahal shone",
}
_ASK = tuple(
    [
        '"Where is {x}?" asked {N}.\n"It is in {P}," said {O}.',
        '{N} asked, "Where is {x}?" "In {C}," said {O}. "{U} is in {P}."',
        '"What is {x}?" asked {N}.\n"It is {w}," said {his} {R}.',
        '"Which sight is this?" asked the teacher. "{U}," said {N}. "It {f}."',
        "Question: Where can you see {x}? Answer: in {P}.",
        '"What do you know about {x}?" asked {O}.\n"{U} {f}," said {N}. "It {g}."',
        '"What would you like to see in {C}?" asked {O}. "{U}!" said {N}.',
        '"Is {x} in {C2}?" asked {N}.\n"No, {x} is in {C}," said {O}.',
        '"It is {w}. What is it?" asked {N}. "Is it {x}?" asked {O}. "Yes, it is {x}."',
        '"I went to {P}," said {N}. "Did you see {x}?" asked {O}. "Yes, it {f}!"',
    ]
)
_CARD = tuple(
    [
        "Dear {O}, today we saw {x}. It {f}. Love, {N}",
        "Dear {O}, greetings from {P}! {U} {f}. Tomorrow we go home. Yours, {N}",
        "Dear Grandmother, we are in {C}. We took a photo of {x}. See you soon, {N}",
        "Hello {O}! I am writing from {P}. {U} is {w}. Your friend {N}",
        "Dear {O}, here is a picture of {x}. {U} {f}. Best wishes, {N}",
    ]
)
_CLOSE = tuple(
    [
        "{N} will never forget it",
        "it was a wonderful day",
        "{N} took many photos",
        "{O} was surprised",
        "then they had an ice cream",
        "{N} bought a drink and an apple",
        "{N} told {O} all about {P}",
        "{O} had never been to {P}",
        "{N} wrote a letter from {C}",
        "after that {N} fell asleep on the bus",
        "{N} wants to go there again",
        '"How lovely!" said {O}',
        "they bought a postcard for {his} {R}",
        "{O} wrote it down",
        "in the evening they were tired and happy",
        '"One day I will go to {C} too," said {O}',
        "{N} put the picture above {his} bed",
        "everybody listened",
        "they told the others about it",
        "then the bus took them back",
        "{N} learned a lot about {C}",
        "",
        "",
        "",
        "",
    ]
)


def _mark(rng: random.Random) -> tuple[str, ...]:
    if rng.random() < 0.4:
        return pick(rng, _LESSON + _LESSON[:1])
    return pick(rng, _LANDMARKS)


def _fields(rng: random.Random, mark: tuple[str, ...]) -> dict[str, str]:
    p, q = people(rng)
    name, place, country, what, *facts = mark
    f, g = some(rng, facts, 2)
    others = [m[2] for m in _LANDMARKS if m[2] not in (country, "the north of Africa") and " and " not in m[2]]
    others = [c for c in others if c not in country and country not in c]
    if name in ("the Amazon", "the Nile", "the Sahara", "Niagara Falls", "Mount Everest", "Victoria Falls"):
        others = ["England", "Germany", "Italy"]
    return {
        "N": p.name, "he": p.he, "his": p.his, "He": p.He, "O": q.name, "R": pick(rng, RELATIVES), "T": pick(rng, TIMES),
        "x": name, "U": cap(name), "P": place, "C": country, "w": what, "f": f, "g": g, "C2": pick(rng, others),
    }  # fmt: skip


def _made(frame: str, fields: dict[str, str]) -> str:
    sentence = frame.format(**fields)
    return (
        sentence
        if not sentence or (sentence.endswith((".", "?", "!", '"')) and sentence[-2:] != '"')
        else sentence + "."
    )


def _told(rng: random.Random, fields: dict[str, str], n: int) -> list[str]:
    """`n` different sentences about the landmark, those after the first sometimes with "it"."""
    special = _SPECIAL.get(fields["x"], "").split("|")
    result = []
    for _ in range(n):
        frames = special if special[0] and rng.random() < 0.4 else _DID if rng.random() < 0.4 else _FACT
        frame = pick(rng, frames)
        if frame.startswith(_NEAR) and any(word in fields["x"] for word in _WIDE):
            frame = "{N} dreamed of seeing {x}"
        sentence = _made(frame, fields)
        if sentence not in result:
            result.append(sentence)
    if n > 1 and rng.random() < 0.4:
        fact = next((fields[k] for k in "fg" if not any(fields[k] in s for s in result)), "")
        result[-1] = f"it {fact}." if fact else result[-1]
    return result


def document(rng: random.Random) -> str:
    """Return one document about one landmark or a few of them."""
    fields = _fields(rng, _mark(rng))
    opening = _made(pick(rng, _OPEN), fields)
    closing = _made(pick(rng, _CLOSE), fields)
    kind = rng.random()
    if kind < 0.42:
        result = text(opening, *_told(rng, fields, rng.choice((1, 2, 2, 3))), closing)
    elif kind < 0.54:
        result = text(*_told(rng, fields, rng.choice((2, 3))), closing)
    elif kind < 0.74:
        result = text(pick(rng, (opening, "")), pick(rng, _ASK).format(**fields), closing)
    elif kind < 0.84:
        result = text(pick(rng, (opening, "")), pick(rng, _CARD).format(**fields) + ".")
    elif kind < 0.93:
        marks = list(dict.fromkeys(_mark(rng) for _ in range(3)))
        lead = pick(rng, ("{N} can name famous places.", "{O} made a quiz about sights.", "The children looked at a map of the world.", "{N} told {O} about many sights."))  # fmt: skip
        frame = pick(rng, ("{x} is in {P}.", "{x} is {w}.", "{x} is in {C}.", "{x} {f}.", "in {P} you can see {x}."))
        facts = [frame.format(**_fields(rng, mark)) for mark in marks]
        result = text(lead.format(**fields), *facts, closing)
    else:
        second = pick(rng, [m for m in _LANDMARKS if m[0] != fields["x"]])
        other = _fields(rng, second)
        frame = pick(rng, ("first they saw {a}, and then they saw {b}.", "{N} liked {a}, but {O} liked {b} more.", "there were pictures of {a} and {b}.", "{a} is in {P}, and {b} is in {Q}.", "{N} has seen {a}, but not {b}."))  # fmt: skip
        both = frame.format(**fields, a=fields["x"], b=other["x"], Q=other["P"])
        result = text(pick(rng, (opening, _told(rng, fields, 1)[0])), both, closing)
    while is_bare_prompt(result) or len(result) < 60:
        result = text(opening, result) if is_bare_prompt(result) else text(result, *_told(rng, fields, 1))
    return result
