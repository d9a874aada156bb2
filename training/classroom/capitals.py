"""Countries: their capitals, continents, languages, people and food."""

import random

from training.classroom.engine import RELATIVES, TIMES, a, cap, listing, people, pick, some, text
from training.lesson_prompts import is_bare_prompt

SHARE = 1.6

# Country | capital | continent | language | adjective | food (the first forty are the commonest).
COUNTRIES = tuple(
    tuple(line.split("|"))
    for line in """France|Paris|Europe|French|French|cheese and bread
Italy|Rome|Europe|Italian|Italian|pizza and pasta
Japan|Tokyo|Asia|Japanese|Japanese|rice and fish
Germany|Berlin|Europe|German|German|bread and sausages
Spain|Madrid|Europe|Spanish|Spanish|rice with seafood
Turkey|Ankara||Turkish|Turkish|kebab and rice
England|London|Europe|English|English|fish and chips
Portugal|Lisbon|Europe|Portuguese|Portuguese|fish and custard tarts
Greece|Athens|Europe|Greek|Greek|salad with olives and cheese
Austria|Vienna|Europe|German|Austrian|apple cake
Switzerland|Bern|Europe|German|Swiss|melted cheese
Belgium|Brussels|Europe|Dutch|Belgian|waffles and chocolate
the Netherlands|Amsterdam|Europe|Dutch|Dutch|cheese and pancakes
Denmark|Copenhagen|Europe|Danish|Danish|rye bread
Sweden|Stockholm|Europe|Swedish|Swedish|meatballs
Norway|Oslo|Europe|Norwegian|Norwegian|salmon
Finland|Helsinki|Europe|Finnish|Finnish|fish soup
Poland|Warsaw|Europe|Polish|Polish|dumplings
Hungary|Budapest|Europe|Hungarian|Hungarian|goulash
Ireland|Dublin|Europe|English|Irish|stew with potatoes
Scotland|Edinburgh|Europe|English|Scottish|porridge
Wales|Cardiff|Europe|English|Welsh|leek soup
Russia|Moscow|Europe|Russian|Russian|beetroot soup
Ukraine|Kyiv|Europe|Ukrainian|Ukrainian|beetroot soup
the United States|Washington|North America|English|American|burgers
Canada|Ottawa|North America|English|Canadian|pancakes with maple syrup
Mexico|Mexico City|North America|Spanish|Mexican|tacos and beans
Brazil|Brasilia|South America|Portuguese|Brazilian|rice and black beans
Argentina|Buenos Aires|South America|Spanish|Argentine|grilled beef
Chile|Santiago|South America|Spanish|Chilean|corn pie
Peru|Lima|South America|Spanish|Peruvian|potatoes and corn
China|Beijing|Asia|Chinese|Chinese|noodles and dumplings
India|New Delhi|Asia|Hindi|Indian|curry and rice
South Korea|Seoul|Asia|Korean|Korean|rice and spicy cabbage
Thailand|Bangkok|Asia|Thai|Thai|rice noodles
Vietnam|Hanoi|Asia|Vietnamese|Vietnamese|noodle soup
Egypt|Cairo|Africa|Arabic|Egyptian|beans and flat bread
Kenya|Nairobi|Africa|Swahili|Kenyan|maize and greens
Morocco|Rabat|Africa|Arabic|Moroccan|couscous
Australia|Canberra|Australia|English|Australian|meat pies
New Zealand|Wellington||English||lamb
Iceland|Reykjavik|Europe|Icelandic|Icelandic|
Czechia|Prague|Europe|Czech|Czech|dumplings
Slovakia|Bratislava|Europe|Slovak|Slovak|
Slovenia|Ljubljana|Europe|Slovene|Slovenian|
Croatia|Zagreb|Europe|Croatian|Croatian|
Serbia|Belgrade|Europe|Serbian|Serbian|
Romania|Bucharest|Europe|Romanian|Romanian|
Bulgaria|Sofia|Europe|Bulgarian|Bulgarian|yoghurt
Albania|Tirana|Europe|Albanian|Albanian|
Estonia|Tallinn|Europe|Estonian|Estonian|
Latvia|Riga|Europe|Latvian|Latvian|
Lithuania|Vilnius|Europe|Lithuanian|Lithuanian|
Belarus|Minsk|Europe||Belarusian|
Luxembourg|Luxembourg City|Europe|||
Malta|Valletta|Europe|Maltese|Maltese|
Cyprus|Nicosia||Greek||
Bosnia|Sarajevo|Europe|Bosnian|Bosnian|
North Macedonia|Skopje|Europe|Macedonian|Macedonian|
Moldova|Chisinau|Europe|Romanian|Moldovan|
Georgia|Tbilisi|Asia|Georgian|Georgian|
Armenia|Yerevan|Asia|Armenian|Armenian|
Iran|Tehran|Asia|Persian|Iranian|rice and saffron
Iraq|Baghdad|Asia|Arabic|Iraqi|
Syria|Damascus|Asia|Arabic|Syrian|
Lebanon|Beirut|Asia|Arabic|Lebanese|chickpeas and bread
Jordan|Amman|Asia|Arabic|Jordanian|
Saudi Arabia|Riyadh|Asia|Arabic|Saudi|
Qatar|Doha|Asia|Arabic||
Oman|Muscat|Asia|Arabic|Omani|
Pakistan|Islamabad|Asia|Urdu|Pakistani|curry
Bangladesh|Dhaka|Asia|Bengali|Bangladeshi|rice and fish
Nepal|Kathmandu|Asia|Nepali|Nepali|rice and lentils
Mongolia|Ulaanbaatar|Asia|Mongolian|Mongolian|
Indonesia|Jakarta|Asia|Indonesian|Indonesian|fried rice
Malaysia|Kuala Lumpur|Asia|Malay|Malaysian|
the Philippines|Manila|Asia|Filipino|Filipino|
Cambodia|Phnom Penh|Asia|Khmer|Cambodian|
Laos|Vientiane|Asia|Lao|Laotian|
Kazakhstan|Astana|Asia|Kazakh|Kazakh|
Uzbekistan|Tashkent|Asia|Uzbek|Uzbek|
Afghanistan|Kabul|Asia||Afghan|
Algeria|Algiers|Africa|Arabic|Algerian|couscous
Tunisia|Tunis|Africa|Arabic|Tunisian|couscous
Libya|Tripoli|Africa|Arabic|Libyan|
Sudan|Khartoum|Africa|Arabic|Sudanese|
Ethiopia|Addis Ababa|Africa|Amharic|Ethiopian|
Ghana|Accra|Africa|English|Ghanaian|
Nigeria|Abuja|Africa|English|Nigerian|
Senegal|Dakar|Africa|French|Senegalese|
Uganda|Kampala|Africa|English|Ugandan|
Tanzania|Dodoma|Africa|Swahili|Tanzanian|
Rwanda|Kigali|Africa||Rwandan|
Zambia|Lusaka|Africa|English|Zambian|
Zimbabwe|Harare|Africa|English|Zimbabwean|
Namibia|Windhoek|Africa|English|Namibian|
Madagascar|Antananarivo|Africa|Malagasy||
Somalia|Mogadishu|Africa|Somali|Somali|
Cuba|Havana|North America|Spanish|Cuban|rice and beans
Jamaica|Kingston|North America|English|Jamaican|
Panama|Panama City|North America|Spanish||
Costa Rica|San José|North America|Spanish|Costa Rican|
Guatemala|Guatemala City|North America|Spanish||
Colombia|Bogotá|South America|Spanish|Colombian|
Venezuela|Caracas|South America|Spanish|Venezuelan|
Ecuador|Quito|South America|Spanish||
Uruguay|Montevideo|South America|Spanish|Uruguayan|
Paraguay|Asunción|South America|Spanish|Paraguayan|""".splitlines()
)
_LESSON = COUNTRIES[:6]
_SPAIN = COUNTRIES[4:5]
_COMMON = COUNTRIES[:40]

_OPEN = tuple(
    [
        "{T} the class had a geography lesson",
        "the teacher pointed at the map",
        "{N} looked at a map of the world",
        "{N} and {O} looked at the globe",
        "{N} has an atlas",
        "{N} learned the capitals by heart",
        "{N} flew to {C} with {his} {R}",
        "{N} got a letter from {C}",
        "{N}'s {R} lives in {K}",
        "{O} has a friend in {C}",
        "{T} {N} met a girl from {C}",
        "{T} {N} met a boy from {C}",
        "there was a quiz on the radio",
        "we were in {K}",
        "{N} wants to travel to {C}",
        "the train to {K} was late",
        "{N} collects stamps from {C}",
        "{O} comes from {C}",
        "{N} had a new neighbour from {K}",
        "{T} they talked about other countries",
        "the plane landed in {K}",
        "{N} gave a talk about {C}",
        "{N} drew the flag of {C}",
        "{N} and {O} played a guessing game",
        "the holidays in {C} were lovely",
        "{T} {N} opened a book about {C}",
        "{N} packed {his} bag for {C}",
        "the children sat in a circle",
    ]
)
# Frames with {l}, {d}, {f} or {E} are for countries of which the language, adjective, food or continent is given.
_FACT = tuple(
    [
        "{K} is the capital of {C}",
        "{K} is the capital of {C}",
        "{K} is the capital of {C}",
        "the capital of {C} is {K}",
        "the capital of {C} is {K}",
        "the capital of {C} is {K}",
        "the capital of {C} is {K}",
        "the capital of {C} is called {K}",
        "{C} has a capital: it is {K}",
        "{K} is a big city in {C}",
        "{K}, the capital of {C}, is a busy city",
        "{C} is a country in {E}",
        "{C} is in {E}, and its capital is {K}",
        "{K} is a city in {E}",
        "people in {C} speak {l}",
        "people in {C} speak {l}",
        "people in {C} speak {l}",
        "people in {C} speak {l}",
        "in {C} people speak {l}",
        "most people in {K} speak {l}",
        "the language of {C} is {l}",
        "{l} is spoken in {C}",
        "somebody from {C} is {d}",
        "people in {C} like {f}",
        "in {C} you can eat {f}",
        "from {C} comes good food: {f}",
        "many tourists visit {K}",
        "the flag of {C} hangs in {K}",
    ]
)
_DID = tuple(
    [
        "{N} knew that {K} is the capital of {C}",
        "{N} knew that the capital of {C} is {K}",
        "{O} said that people in {C} speak {l}",
        '"{K} is the capital of {C}," said {N}',
        '"The capital of {C} is {K}," said {O}',
        '"People in {C} speak {l}," said the teacher',
        "{N} was learning {l} for the journey to {C}",
        "{N} said good morning in {l}",
        "{N} wrote that the capital of {C} is {K}",
        "they ate {f} in a {d} restaurant",
        "{N}'s {d} friend could sing in {l}",
        "they travelled to {K}, the capital of {C}",
        "they took the train to {K}",
        "in {K} they visited a museum",
        "they spent a week in {K}",
        "on the map {he} found {K}, the capital of {C}",
        "{N} wrote a postcard from {K}",
        "they flew from {L2} to {K}",
        "{O} had learned that the capital of {C} is {K}",
        '"Did you know that {K} is the capital of {C}?" asked {N}',
        "they bought {f} at a market in {K}",
        "on the stamp was a picture of {K}",
    ]
)
_ASK = tuple(
    [
        '"What is the capital of {C}?" asked {N}.\n"The capital of {C} is {K}," said {O}.',
        '"What is the capital of {C}?" asked the teacher. "{K}," said {N}. "{K} is the capital of {C}."',
        '"Which country has {K} as its capital?" asked {N}.\n"{U}!" said {O}.',
        "Question: What is the capital of {C}? Answer: {K}. The capital of {C} is {K}.",
        '"Where is {K}?" asked {N}.\n"It is in {C}," said {his} {R}. "{K} is the capital of {C}."',
        '"What do people in {C} speak?" asked {N}.\n"{l}," said {O}. "People in {C} speak {l}."',
        "Which language do they speak in {C}? People in {C} speak {l}.",
        '"Is {L2} the capital of {C}?" asked {O}. "No, the capital of {C} is {K}," said {N}.',
        '"Which continent is {C} in?" asked {N}.\n"It is in {E}," said {O}.',
        '"What do people eat in {C}?" asked {N}. "They like {f}," said {O}.',
        '"Do you speak {l}?" asked {O}. "A little," said {N}. "My {R} comes from {C}."',
        '"I am thinking of the capital of {C}," said {N}.\n"That is {K}!" said {O}.',
        '"Can you spell {K}?" asked the teacher. "Yes," said {N}. "{K} is the capital of {C}."',
        "{N} had to finish the sentence: the capital of {C} is {K}. It was right.",
        '"I come from {K}," said {N}.\n"Then you are from {C}," said {O}. "Do you speak {l}?"',
    ]
)
_MANY = tuple(
    [
        "the capital of {C} is {K}",
        "the capital of {C} is {K}",
        "{K} is the capital of {C}",
        "{K} is the capital of {C}",
        "people in {C} speak {l}",
        "people in {C} speak {l}",
        "{K} is in {C}",
        "the {d} capital is {K}",
        "in {C} people speak {l}",
        "{C} is in {E}",
    ]
)
_CLOSE = tuple(
    [
        "{N} knew it at once",
        "{O} wrote it down",
        "that was right",
        '"Very good," said the teacher',
        "{N} wants to go there one day",
        "{O} was proud of the answer",
        "then they looked for {L2} on the map",
        "{N} learned something new",
        "they showed it to {his} {R}",
        "{N} found it in the atlas",
        "{O} had never been to {C}",
        "{N} dreamed of {K}",
        "{O} won the quiz",
        "everybody clapped",
        "then it was {O}'s turn",
        "{N} told {O} more about {C}",
        "{N} put a red pin on the map",
        "{N} drew {K} on the map",
        "{O} wanted to hear more about {K}",
        "{N} told {his} {R} about {C}",
        '{O} wrote "{K}" on the board',
        "{N} and {O} went on to the next country",
        "",
        "",
        "",
        "",
    ]
)
_TURKEY = tuple(
    [
        "Ankara is the capital of Turkey",
        "Turkey is a country, and a turkey is a bird",
        "Ankara is the capital of Turkey, but Istanbul is bigger",
        "{N} flew to Ankara, the capital of Turkey",
        "the country Turkey has its capital in Ankara",
        "everybody in the class knew that Ankara is the capital of Turkey",
        '"Ankara is the capital of Turkey," said {O}',
        "Turkey lies between Europe and Asia",
        "many families from Turkey live in Germany",
    ]
)


def _country(rng: random.Random) -> tuple[str, ...]:
    chance = rng.random()
    return pick(rng, _LESSON + _SPAIN if chance < 0.33 else _COMMON if chance < 0.74 else COUNTRIES)


def _fields(rng: random.Random, country: tuple[str, ...]) -> dict[str, str]:
    p, q = people(rng)
    name, capital, continent, language, adjective, food = country
    return {
        "N": p.name, "he": p.he, "his": p.his, "O": q.name, "R": pick(rng, RELATIVES), "T": pick(rng, TIMES),
        "C": name, "U": cap(name), "K": capital, "E": continent, "l": language, "d": adjective, "f": food,
        "L2": pick(rng, [c[1] for c in _COMMON if c[1] != capital]),
    }  # fmt: skip


def _made(rng: random.Random, frames: tuple[str, ...], fields: dict[str, str]) -> str:
    """One of the frames for whose fields the country has a word, as a sentence."""
    gaps = [f"{{{key}}}" for key in "Eldf" if not fields[key]]
    if fields["C"] == "Australia":
        gaps.append("{E}")
    frame = pick(rng, frames)
    while any(gap in frame for gap in gaps):
        frame = pick(rng, frames)
    frame = frame.replace("a {d}", a(fields["d"])) if fields["d"] else frame
    sentence = frame.format(**fields)
    done = not sentence or sentence.endswith((".", "?", "!", '."', '?"', '!"'))
    return sentence if done else sentence + "."


def document(rng: random.Random) -> str:
    """Return one document about one country or several."""
    fields = _fields(rng, _country(rng))
    opening = _made(rng, _OPEN, fields)
    closing = _made(rng, _CLOSE, fields)
    facts = dict.fromkeys(
        _made(rng, _FACT if rng.random() < 0.65 else _DID, fields) for _ in range(rng.choice((1, 2, 2, 3)))
    )
    kind = rng.random()
    if kind < 0.36:
        result = text(opening, *facts, closing)
    elif kind < 0.5:
        result = text(*facts, _made(rng, _DID, fields), closing)
    elif kind < 0.7:
        result = text(pick(rng, (opening, "")), _made(rng, _ASK, fields), closing)
    elif kind < 0.86:
        several = dict.fromkeys(_made(rng, _MANY, _fields(rng, _country(rng))) for _ in range(rng.choice((2, 3, 4))))
        lead = opening if rng.random() < 0.6 else ""
        result = text(lead, *several, closing)
    elif kind < 0.93:
        three = [c[0] for c in some(rng, _COMMON, 3)]
        cities = [c[1] for c in some(rng, _COMMON, 3)]
        line = pick(rng, ("{N} has been to {three}.", "The capitals {cities} were on the list.", "{N} would like to see {cities}.", "Postcards came from {three}.", "The teacher asked about {three}.", "{three} are countries.", "{cities} are capitals."))  # fmt: skip
        line = line.format(**fields, three=listing(three), cities=listing(cities))
        result = text(line, *facts, closing)
    else:
        turkey = {**fields, **{k: v for k, v in _fields(rng, COUNTRIES[5]).items() if k in "CKEldfU"}}
        sentences = dict.fromkeys(_made(rng, _TURKEY, turkey) for _ in range(rng.choice((1, 2))))
        result = text(_made(rng, _OPEN, turkey), *sentences, _made(rng, _CLOSE, turkey))
    bare = is_bare_prompt(result) or result.startswith("Ankara is the capital")
    return text(opening, result) if bare or len(result) < 60 else result
