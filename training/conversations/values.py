"""Values that a system prompt or a speaker may give: names, towns, dates, times, words. Half of them are made up.

A model that has seen a few names a thousand times each learns to say those names; one that meets a new name in every dialogue has
to copy. So names and towns are built of syllables as often as they are taken from a list.
"""

import random
import re
from collections.abc import Callable

from training.classroom.animals import ANIMALS as ANIMAL_ROWS
from training.classroom.capitals import COUNTRIES
from training.classroom.categories import KINDS
from training.classroom.engine import BOYS, DAYS, GIRLS, MONTHS, PLACES, pick
from training.classroom.opposites import EVERY
from training.classroom.proverbs import SAYINGS
from training.conversations.engine import words

NAMES = words("""
Aaron Abigail Ada Adele Agnes Aisha Alan Alba Albert Alex Alexander Alfie Alma Amanda Amara Amelia Amir Amy Ana Andrea Andrew Andy
Angela Anita Anton Antonio Arjun Arthur Asha Astrid Audrey Ayla Barbara Bea Bella Benjamin Bernard Beth Bianca Bill Billy Boris Bruno
Carla Carlos Carmen Carol Caroline Cecilia Charlie Charlotte Chen Chloe Chris Cleo Colin Cora Dana Daisy Dan Dave David Dean Deepa
Diana Diego Dmitri Dora Dorothy Edgar Edith Edward Eileen Elena Eli Elif Elijah Eliza Elizabeth Elsa Emil Emily Enzo Eric Erik Esther
Ethan Eva Evan Eve Fatima Fiona Flora Florence Frank Fred Freya Frida Gabriel George Gina Gloria Greta Gus Gwen Hana Hannah Harriet
Harry Hassan Heidi Helen Helga Hilda Holly Ian Ibrahim Ida Igor Imran Inga Ines Irene Iris Isaac Isabel Ivan Jade Jake James Jasmine
Jason Jean Jenny Jim Joan Joe Joel John Jon Jordan Jose Joseph Josh Joy Juan Judy Julia Julian June Kai Karen Karim Karl Katja Kenji Kevin
Kim Kira Kit Kurt Lana Lara Lars Laura Layla Lea Lena Leon Liam Lin Linda Linus Lisa Logan Lola Lorenzo Louis Louise Luis Luke Luna
Lydia Mabel Magnus Manuel Mara Marco Margaret Maria Marie Mark Marta Martha Martin Mary Matteo Matt Maurice May Megan Mehmet Melissa
Mike Mila Milo Mina Mira Mona Monica Musa Nadia Nancy Naomi Natasha Nathan Ned Nell Nick Nico Nikolai Noor Odette Ola Olga Oliver
Olivia Olga Oona Otto Pablo Pam Patricia Patrick Paula Pavel Pedro Penny Petra Phil Philip Pia Polly Rachel Rafael Ralf Raj Rami Rana
Ray Rebecca Rick Rita Rob Robert Robin Roger Roland Roman Ron Rosie Roy Rudi Ruth Ryan Sabine Sally Samir Sandra Sanjay Sarah Sasha
Scott Sean Selma Serena Simon Sofia Sonia Stefan Stella Steve Sue Susan Sven Sylvia Tanya Tara Tariq Ted Teresa Theo Thomas Tilda
Tina Toby Tony Tove Umar Una Ursula Vera Victor Viola Vincent Walter Wanda Wendy William Wim Xavier Yara Yasmin Yuki Yusuf Yvonne Zack
Zara Zelda Zoltan Pip Robo Sunny Coco Bingo Pepper Biscuit Ziggy Bolt Pixel Echo Nova Comet Rusty Buddy Teddy Momo Kiki Rex Spark
""") + GIRLS + BOYS  # fmt: skip
TOWNS = words("""
London Paris Rome Berlin Madrid Lisbon Vienna Oslo Athens Dublin Cairo Tokyo Boston Chicago Toronto Sydney Leeds Bristol York Oxford
Bath Hull Dover Glasgow Cardiff Belfast Cork Galway Lyon Nice Milan Naples Venice Turin Munich Hamburg Bremen Cologne Zurich Geneva
Basel Prague Warsaw Budapest Zagreb Sofia Riga Tallinn Helsinki Bergen Copenhagen Aarhus Utrecht Leiden Ghent Antwerp Seville Valencia
Porto Ankara Izmir Beirut Nairobi Accra Lagos Tunis Rabat Delhi Mumbai Kolkata Karachi Lahore Dhaka Hanoi Seoul Osaka Kyoto Manila
Jakarta Perth Auckland Dallas Denver Miami Seattle Austin Montreal Ottawa Havana Lima Quito Bogota Santiago
""")
FOODS = words("pizza soup pasta rice bread cheese salad fish cake pancakes apples bananas strawberries noodles potatoes porridge curry beans eggs "
    "carrots pears grapes honey yoghurt chocolate waffles dumplings toast sandwiches plums cherries mangoes tomatoes nuts biscuits")  # fmt: skip
COLOURS = words("red blue green yellow orange purple pink brown black white grey silver gold turquoise violet")
SHADES = COLOURS + words(
    "olive|coral|amber|ivory|navy blue|lime|peach|mint|ruby|emerald|lavender|cream|beige|copper|teal|magenta|scarlet|maroon|indigo|dark red|"
    "light green|pale yellow|sky blue|rose|lilac|bronze|khaki|ochre|cyan|charcoal",
    "|",
)
ANIMALS = words("dog cat horse rabbit hamster parrot lion tiger elephant bear fox owl penguin dolphin whale monkey turtle duck mouse frog snake "
    "goat sheep pony goldfish hedgehog squirrel wolf deer zebra giraffe kangaroo panda koala eagle")  # fmt: skip
PETS = words("dog cat rabbit hamster parrot turtle mouse goldfish pony duck hen")
SPORTS = words(
    "football tennis swimming running cycling hockey chess skating dancing rowing basketball rugby volleyball climbing"
)
JOBS = words("teacher doctor baker farmer nurse pilot cook painter builder sailor tailor dentist gardener driver singer dancer writer "
    "carpenter librarian postman waiter shopkeeper scientist clown king queen wizard pirate knight detective fisherman butcher shoemaker "
    "blacksmith potter weaver miller hunter shepherd soldier captain guard judge lawyer plumber electrician firefighter barber astronaut "
    "magician musician drummer poet robot witch butler gatekeeper lifeguard ranger zookeeper beekeeper watchmaker")  # fmt: skip
WEATHERS = words(
    "sunny rainy cloudy windy snowy foggy stormy cold warm hot icy wet dry mild bright grey dark frosty breezy humid freezing chilly "
    "clear dull lovely terrible awful perfect nice bad pleasant calm gloomy misty mixed wonderful strange wild pale gentle rough heavy"
)
SEASONS = ("spring", "summer", "autumn", "winter")
NUMBERS = words("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty")  # fmt: skip
THINGS = words("ball kite book hat cup box key lamp bag coat pencil drum bell clock doll boat car bike scarf spoon chair ring shell stone flag mirror "
    "umbrella basket blanket ladder candle bottle puzzle")  # fmt: skip
WORDS = words("apple river moon cloud tiger window lemon garden silver button rocket pillow island forest dragon castle pepper ribbon hammer candle "
    "sunflower teapot snowman mountain feather marble rainbow cookie walnut whistle lantern pocket monkey turtle violin blanket thunder "
    "bridge pumpkin cherry meadow harbour pebble anchor saddle compass acorn")  # fmt: skip
EVENTS = words(
    "the concert|the party|the football match|the meeting|the school trip|the birthday party|the dentist appointment|the swimming lesson|"
    "the picnic|the test|the market|the film",
    "|",
)
OPENERS = words(
    "the museum|the shop|the library|the zoo|the bakery|the swimming pool|the post office|the bank|the school|the park|the cinema",
    "|",
)
ROOMS = PLACES

_STARTS = words("B Br C Ch D Dr F Fl G Gr H J K Kl L M N P Pr Qu R S Sh St T Th Tr V W Y Z")
_MIDDLES = words("a e i o u ai ee oo ar el en il on or ul")
_JOINTS = words("b d f g k l ll m n nn p r s t v z nd rk lm")
_ENDS = words("a o i y en us in el ik am et or on ax ina ella ander is")
_TOWN_ENDS = words("ton ville burg ham ford field bridge port wick mouth stad dale haven more bury")


def _common() -> tuple[str, ...]:
    """Every plain word of the classroom's tables, a thousand or so."""
    text = " ".join(" ".join(row) for row in (*SAYINGS, *EVERY, *ANIMAL_ROWS, *COUNTRIES[:40], *KINDS.values()))
    return tuple(sorted(set(re.findall(r"\b[a-z]{4,}\b", text))))


COMMON = _common()
_WORK = words(
    "glass bread song shoe clock kite basket soap candle toy paper rope hat boat cake wall bell bird tree road wood ring mat lamp"
)
_WORKERS = words("maker keeper painter seller washer cutter mender carrier cleaner finder")


def any_word(rng: random.Random) -> str:
    """A plain word, a rare one or one that does not exist."""
    return pick(rng, COMMON) if rng.random() < 0.65 else made_up_name(rng).lower()


def odd(known: tuple[str, ...], share: float = 0.25) -> Callable[[random.Random], str]:
    """Draws one of the known words, or any word at all: what is asked back has to be read, not guessed."""
    return lambda rng: any_word(rng) if rng.random() < share else pick(rng, known)


def job(rng: random.Random) -> str:
    return pick(rng, _WORK) + pick(rng, _WORKERS) if rng.random() < 0.25 else pick(rng, JOBS)


def made_up_name(rng: random.Random) -> str:
    """Two or three syllables with a capital: Brelmo, Zanik."""
    middle = pick(rng, _MIDDLES) + pick(rng, _JOINTS)
    if rng.random() < 0.1:
        middle += pick(rng, _MIDDLES) + pick(rng, _JOINTS)
    return pick(rng, _STARTS) + middle + pick(rng, _ENDS)


def name(rng: random.Random) -> str:
    return pick(rng, NAMES) if rng.random() < 0.5 else made_up_name(rng)


def town(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return pick(rng, TOWNS)
    return pick(rng, _STARTS) + pick(rng, _MIDDLES) + pick(rng, _JOINTS) + pick(rng, _TOWN_ENDS)


def date(rng: random.Random) -> str:
    """Day and month: 3 May, the 14th of June."""
    day, month = rng.randint(1, 31), pick(rng, MONTHS)
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return pick(rng, (f"{day} {month}", f"{day} {month}", f"{month} {day}", f"the {day}{ending} of {month}"))


def full_date(rng: random.Random) -> str:
    """With a weekday or a year or both: Friday, 3 May 2027."""
    day, when, year = pick(rng, DAYS), date(rng), rng.randint(1990, 2049)
    if when.startswith("the"):
        return f"{day}, {when}"
    comma = "," if when[-1].isdigit() else ""
    return pick(rng, (f"{day}, {when}", f"{day}, {when}{comma} {year}", f"{when}{comma} {year}"))


def clock(rng: random.Random) -> str:
    """A time of day: five o'clock, half past six, 7:45."""
    hour = rng.randint(1, 12)
    words = NUMBERS[hour]
    return pick(
        rng,
        (f"{words} o'clock", f"{words} o'clock", f"half past {words}", f"quarter past {words}", f"quarter to {words}",
         f"{hour}:{pick(rng, ('00', '15', '30', '45', '10', '20', '50'))}", f"{hour} o'clock"),
    )  # fmt: skip
