"""Made-up pairs for words that a class tries and the corpus hardly holds: animals, food, family, colours, numbers.

Synthetic text from templates. It is declared in the model card and never evaluated on as if it were found text.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .pairs import Pair


@dataclass(frozen=True)
class Noun:
    """English one and many, French gender (m, f), one and many, Dutch article, one and many."""

    english: str
    englishes: str
    gender: str
    french: str
    frenches: str
    article: str
    dutch: str
    dutches: str

    @property
    def elides(self) -> bool:
        return self.french[0] in "aeiouéê"


def _nouns(table: str) -> tuple[Noun, ...]:
    return tuple(Noun(*(field.strip() for field in line.split("|"))) for line in table.strip().splitlines())


ANIMALS = _nouns("""
llama | llamas | m | lama | lamas | de | lama | lama's
cat | cats | m | chat | chats | de | kat | katten
dog | dogs | m | chien | chiens | de | hond | honden
horse | horses | m | cheval | chevaux | het | paard | paarden
cow | cows | f | vache | vaches | de | koe | koeien
bird | birds | m | oiseau | oiseaux | de | vogel | vogels
fish | fish | m | poisson | poissons | de | vis | vissen
mouse | mice | f | souris | souris | de | muis | muizen
rabbit | rabbits | m | lapin | lapins | het | konijn | konijnen
elephant | elephants | m | éléphant | éléphants | de | olifant | olifanten
lion | lions | m | lion | lions | de | leeuw | leeuwen
tiger | tigers | m | tigre | tigres | de | tijger | tijgers
bear | bears | m | ours | ours | de | beer | beren
monkey | monkeys | m | singe | singes | de | aap | apen
pig | pigs | m | cochon | cochons | het | varken | varkens
sheep | sheep | m | mouton | moutons | het | schaap | schapen
goat | goats | f | chèvre | chèvres | de | geit | geiten
chicken | chickens | f | poule | poules | de | kip | kippen
duck | ducks | m | canard | canards | de | eend | eenden
frog | frogs | f | grenouille | grenouilles | de | kikker | kikkers
penguin | penguins | m | manchot | manchots | de | pinguïn | pinguïns
giraffe | giraffes | f | girafe | girafes | de | giraf | giraffen
zebra | zebras | m | zèbre | zèbres | de | zebra | zebra's
wolf | wolves | m | loup | loups | de | wolf | wolven
fox | foxes | m | renard | renards | de | vos | vossen
spider | spiders | f | araignée | araignées | de | spin | spinnen
butterfly | butterflies | m | papillon | papillons | de | vlinder | vlinders
bee | bees | f | abeille | abeilles | de | bij | bijen
snake | snakes | m | serpent | serpents | de | slang | slangen
turtle | turtles | f | tortue | tortues | de | schildpad | schildpadden
dolphin | dolphins | m | dauphin | dauphins | de | dolfijn | dolfijnen
camel | camels | m | chameau | chameaux | de | kameel | kamelen
""")

THINGS = _nouns("""
house | houses | f | maison | maisons | het | huis | huizen
car | cars | f | voiture | voitures | de | auto | auto's
book | books | m | livre | livres | het | boek | boeken
table | tables | f | table | tables | de | tafel | tafels
chair | chairs | f | chaise | chaises | de | stoel | stoelen
door | doors | f | porte | portes | de | deur | deuren
window | windows | f | fenêtre | fenêtres | het | raam | ramen
flower | flowers | f | fleur | fleurs | de | bloem | bloemen
tree | trees | m | arbre | arbres | de | boom | bomen
bicycle | bicycles | m | vélo | vélos | de | fiets | fietsen
train | trains | m | train | trains | de | trein | treinen
boat | boats | m | bateau | bateaux | de | boot | boten
hat | hats | m | chapeau | chapeaux | de | hoed | hoeden
shirt | shirts | f | chemise | chemises | het | overhemd | overhemden
shoe | shoes | f | chaussure | chaussures | de | schoen | schoenen
pencil | pencils | m | crayon | crayons | het | potlood | potloden
school | schools | f | école | écoles | de | school | scholen
star | stars | f | étoile | étoiles | de | ster | sterren
apple | apples | f | pomme | pommes | de | appel | appels
banana | bananas | f | banane | bananes | de | banaan | bananen
""")

FAMILY = _nouns("""
mother | mothers | f | mère | mères | de | moeder | moeders
father | fathers | m | père | pères | de | vader | vaders
sister | sisters | f | sœur | sœurs | de | zus | zussen
brother | brothers | m | frère | frères | de | broer | broers
grandmother | grandmothers | f | grand-mère | grands-mères | de | oma | oma's
grandfather | grandfathers | m | grand-père | grands-pères | de | opa | opa's
daughter | daughters | f | fille | filles | de | dochter | dochters
son | sons | m | fils | fils | de | zoon | zonen
uncle | uncles | m | oncle | oncles | de | oom | ooms
aunt | aunts | f | tante | tantes | de | tante | tantes
teacher | teachers | m | professeur | professeurs | de | leraar | leraren
friend | friends | m | ami | amis | de | vriend | vrienden
""")

# English, French with "some", French with the article, Dutch
FOOD = (
    ("bread", "du pain", "le pain", "brood"),
    ("cheese", "du fromage", "le fromage", "kaas"),
    ("soup", "de la soupe", "la soupe", "soep"),
    ("rice", "du riz", "le riz", "rijst"),
    ("cake", "du gâteau", "le gâteau", "taart"),
    ("chocolate", "du chocolat", "le chocolat", "chocolade"),
    ("meat", "de la viande", "la viande", "vlees"),
    ("fish", "du poisson", "le poisson", "vis"),
    ("salad", "de la salade", "la salade", "salade"),
    ("ice cream", "de la glace", "la glace", "ijs"),
    ("honey", "du miel", "le miel", "honing"),
    ("butter", "du beurre", "le beurre", "boter"),
    ("pasta", "des pâtes", "les pâtes", "pasta"),
    ("pizza", "de la pizza", "la pizza", "pizza"),
    ("fruit", "des fruits", "les fruits", "fruit"),
    ("apples", "des pommes", "les pommes", "appels"),
    ("bananas", "des bananes", "les bananes", "bananen"),
    ("cherries", "des cerises", "les cerises", "kersen"),
    ("strawberries", "des fraises", "les fraises", "aardbeien"),
    ("eggs", "des œufs", "les œufs", "eieren"),
    ("potatoes", "des pommes de terre", "les pommes de terre", "aardappelen"),
    ("tomatoes", "des tomates", "les tomates", "tomaten"),
    ("pancakes", "des crêpes", "les crêpes", "pannenkoeken"),
    ("cookies", "des biscuits", "les biscuits", "koekjes"),
)

# English, French m f mm ff, Dutch alone, Dutch before a de-word; the first eight are colours
QUALITIES = (
    ("red", "rouge", "rouge", "rouges", "rouges", "rood", "rode"),
    ("blue", "bleu", "bleue", "bleus", "bleues", "blauw", "blauwe"),
    ("green", "vert", "verte", "verts", "vertes", "groen", "groene"),
    ("black", "noir", "noire", "noirs", "noires", "zwart", "zwarte"),
    ("white", "blanc", "blanche", "blancs", "blanches", "wit", "witte"),
    ("yellow", "jaune", "jaune", "jaunes", "jaunes", "geel", "gele"),
    ("grey", "gris", "grise", "gris", "grises", "grijs", "grijze"),
    ("pink", "rose", "rose", "roses", "roses", "roze", "roze"),
    ("big", "grand", "grande", "grands", "grandes", "groot", "grote"),
    ("small", "petit", "petite", "petits", "petites", "klein", "kleine"),
    ("beautiful", "beau", "belle", "beaux", "belles", "mooi", "mooie"),
    ("old", "vieux", "vieille", "vieux", "vieilles", "oud", "oude"),
    ("new", "nouveau", "nouvelle", "nouveaux", "nouvelles", "nieuw", "nieuwe"),
)
COLOURS = QUALITIES[:8]
MOODS = (
    ("tired", "fatigué", "fatiguée", "moe"),
    ("happy", "heureux", "heureuse", "blij"),
    ("sad", "triste", "triste", "verdrietig"),
    ("ill", "malade", "malade", "ziek"),
    ("young", "jeune", "jeune", "jong"),
    ("tall", "grand", "grande", "lang"),
    ("kind", "gentil", "gentille", "aardig"),
    ("strong", "fort", "forte", "sterk"),
)
NUMBERS = (
    ("two", "deux", "twee"),
    ("three", "trois", "drie"),
    ("four", "quatre", "vier"),
    ("five", "cinq", "vijf"),
    ("six", "six", "zes"),
    ("seven", "sept", "zeven"),
    ("eight", "huit", "acht"),
    ("nine", "neuf", "negen"),
    ("ten", "dix", "tien"),
)
PLACES = (
    ("in the garden", "dans le jardin", "in de tuin"),
    ("in the house", "dans la maison", "in het huis"),
    ("in the kitchen", "dans la cuisine", "in de keuken"),
    ("under the table", "sous la table", "onder de tafel"),
    ("in front of the door", "devant la porte", "voor de deur"),
    ("in the forest", "dans la forêt", "in het bos"),
)
LOVERS = (
    ("I", "love", "J'aime", "Ik hou"),
    ("I", "like", "J'aime", "Ik hou"),
    ("I", "really like", "J'aime vraiment", "Ik hou echt"),
    ("We", "love", "Nous aimons", "Wij houden"),
    ("We", "like", "Nous aimons", "Wij houden"),
    ("She", "loves", "Elle aime", "Zij houdt"),
    ("He", "likes", "Il aime", "Hij houdt"),
    ("They", "love", "Ils aiment", "Zij houden"),
    ("My sister", "loves", "Ma sœur aime", "Mijn zus houdt"),
    ("My brother", "likes", "Mon frère aime", "Mijn broer houdt"),
    ("My mother", "loves", "Ma mère aime", "Mijn moeder houdt"),
    ("The children", "like", "Les enfants aiment", "De kinderen houden"),
)


def _the(noun: Noun) -> str:
    return "l'" + noun.french if noun.elides else ("le " if noun.gender == "m" else "la ") + noun.french


def _a(noun: Noun) -> str:
    return ("un " if noun.gender == "m" else "une ") + noun.french


def _my(noun: Noun) -> str:
    return ("mon " if noun.gender == "m" or noun.elides else "ma ") + noun.french


def _an(word: str) -> str:
    return ("an " if word[0] in "aeiou" else "a ") + word


def _big(text: str) -> str:
    return text[0].upper() + text[1:]


def _one(n: Noun) -> Iterator[tuple[str, str, str]]:
    """Sentences about one or many of an animal or a thing, as (English, French, Dutch)."""
    feminine = n.gender == "f"
    for subject, verb, french, dutch in LOVERS:
        yield f"{subject} {verb} {n.englishes}.", f"{french} les {n.frenches}.", f"{dutch} van {n.dutches}."
    yield f"Do you like {n.englishes}?", f"Aimes-tu les {n.frenches} ?", f"Hou je van {n.dutches}?"
    yield f"I see {_an(n.english)}.", f"Je vois {_a(n)}.", f"Ik zie een {n.dutch}."
    yield f"I have {_an(n.english)}.", f"J'ai {_a(n)}.", f"Ik heb een {n.dutch}."
    yield f"Where is the {n.english}?", f"Où est {_the(n)} ?", f"Waar is {n.article} {n.dutch}?"
    yield f"This is my {n.english}.", f"C'est {_my(n)}.", f"Dit is mijn {n.dutch}."
    for english, m, f, mm, ff, dutch, _ in QUALITIES:
        one, many = (f, ff) if feminine else (m, mm)
        yield (
            f"The {n.english} is {english}.",
            f"{_big(_the(n))} est {one}.",
            f"{_big(n.article)} {n.dutch} is {dutch}.",
        )
        yield f"My {n.english} is {english}.", f"{_big(_my(n))} est {one}.", f"Mijn {n.dutch} is {dutch}."
        yield f"The {n.englishes} are {english}.", f"Les {n.frenches} sont {many}.", f"De {n.dutches} zijn {dutch}."
    for english, m, f, _mm, _ff, dutch, inflected in COLOURS:
        coloured = inflected if n.article == "de" else dutch
        for start, french, nld in (("I have", "J'ai", "Ik heb"), ("I see", "Je vois", "Ik zie")):
            yield (
                f"{start} a {english} {n.english}.",
                f"{french} {_a(n)} {f if feminine else m}.",
                f"{nld} een {coloured} {n.dutch}.",
            )
    for english, french, dutch in NUMBERS:
        yield f"I have {english} {n.englishes}.", f"J'ai {french} {n.frenches}.", f"Ik heb {dutch} {n.dutches}."
        yield f"There are {english} {n.englishes}.", f"Il y a {french} {n.frenches}.", f"Er zijn {dutch} {n.dutches}."


def _everything() -> Iterator[tuple[str, str, str]]:
    for noun in (*ANIMALS, *THINGS):
        yield from _one(noun)
    for n in ANIMALS:
        for english, french, dutch in PLACES:
            yield f"There is {_an(n.english)} {english}.", f"Il y a {_a(n)} {french}.", f"Er is een {n.dutch} {dutch}."
            yield (
                f"The {n.english} is {english}.",
                f"{_big(_the(n))} est {french}.",
                f"{_big(n.article)} {n.dutch} is {dutch}.",
            )
    for n in FAMILY:
        for english, m, f, dutch in MOODS:
            french = f"{_big(_my(n))} est {f if n.gender == 'f' else m}."
            yield f"My {n.english} is {english}.", french, f"Mijn {n.dutch} is {dutch}."
        yield f"This is my {n.english}.", f"C'est {_my(n)}.", f"Dit is mijn {n.dutch}."
        yield f"I love my {n.english}.", f"J'aime {_my(n)}.", f"Ik hou van mijn {n.dutch}."
    for english, some, the, dutch in FOOD:
        yield f"I would like to eat some {english}.", f"Je voudrais manger {some}.", f"Ik zou graag wat {dutch} eten."
        yield f"I want to eat {english}.", f"Je veux manger {some}.", f"Ik wil {dutch} eten."
        yield f"I eat {english}.", f"Je mange {some}.", f"Ik eet {dutch}."
        yield f"We eat {english}.", f"Nous mangeons {some}.", f"Wij eten {dutch}."
        yield f"She is eating {english}.", f"Elle mange {some}.", f"Zij eet {dutch}."
        yield f"Do you want some {english}?", f"Veux-tu {some} ?", f"Wil je wat {dutch}?"
        for subject, verb, french, hold in LOVERS:
            yield f"{subject} {verb} {english}.", f"{french} {the}.", f"{hold} van {dutch}."


def classroom_pairs(seed: int, per_language: int = 4000) -> list[Pair]:
    """`per_language` sentences drawn without repeats, the same ones in French and in Dutch."""
    sentences = list({english: (english, french, dutch) for english, french, dutch in _everything()}.values())
    drawn = random.Random(seed).sample(sentences, min(per_language, len(sentences)))
    return [Pair(e, f, "fra") for e, f, _ in drawn] + [Pair(e, d, "nld") for e, _, d in drawn]
