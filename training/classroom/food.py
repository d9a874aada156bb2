"""Food: meals, shopping, recipes and favourite foods."""

import random

from training.classroom.engine import RELATIVES, TIMES, a, cap, listing, people, person, pick, some, text

SHARE = 1.0

SOME = tuple(
    [
        "bread",
        "soup",
        "cheese",
        "rice",
        "cake",
        "fruit",
        "pasta",
        "salad",
        "fish",
        "chicken",
        "honey",
        "butter",
        "porridge",
        "toast",
        "chocolate",
        "yoghurt",
        "jam",
        "meat",
        "pizza",
        "pie",
    ]
)
MANY = tuple(
    [
        "apples",
        "pears",
        "grapes",
        "cherries",
        "carrots",
        "potatoes",
        "beans",
        "peas",
        "eggs",
        "pancakes",
        "noodles",
        "biscuits",
        "nuts",
        "bananas",
        "strawberries",
        "tomatoes",
        "plums",
        "sandwiches",
    ]
)
DRINKS = tuple(["water", "milk", "apple juice", "orange juice", "tea", "hot chocolate", "lemonade", "coffee"])
MEALS = ("breakfast", "lunch", "dinner", "supper")
PAIRS = (
    "bread and butter",
    "bread and cheese",
    "salt and pepper",
    "bread and jam",
    "strawberries and cream",
    "rice and beans",
    "milk and honey",
    "toast and jam",
    "sausages and potatoes",
    "soup and bread",
    "ham and eggs",
    "pasta and tomato sauce",
    "tea and biscuits",
    "chicken and rice",
    "fish and rice",
    "beans on toast",
)
TASTES = (
    ("lemons", "sour"),
    ("sugar", "sweet"),
    ("honey", "sweet"),
    ("soup", "hot"),
    ("ice cream", "cold"),
    ("salt", "salty"),
    ("chocolate", "sweet"),
    ("bread", "fresh"),
    ("tea", "hot"),
    ("pears", "sweet"),
)
PLACES = (
    "at home",
    "at school",
    "in the kitchen",
    "in the garden",
    "at the beach",
    "in the park",
    "at the table",
    "by the sea",
    "in a small café",
    "on the farm",
)
MADE = (
    ("Bread", "flour"),
    ("Cheese", "milk"),
    ("Butter", "milk"),
    ("Jam", "fruit"),
    ("Apple juice", "apples"),
    ("Chips", "potatoes"),
    ("Wine", "grapes"),
    ("An omelette", "eggs"),
    ("Pasta", "flour and water"),
    ("Chocolate", "cocoa"),
)
ROAST = ("turkey", "turkey", "turkey", "chicken", "beef")


def _food(rng: random.Random) -> str:
    return pick(rng, SOME if rng.random() < 0.65 else MANY)


def _are(food: str) -> str:
    return "are" if food in MANY else "is"


def _them(food: str) -> str:
    return "them" if food in MANY else "it"


def _dish(rng: random.Random) -> str:
    return pick(rng, ("soup", "stew", "sauce", "salad", "egg", "rice", "pasta", "fish", "omelette", "potatoes"))


def _asked(rng: random.Random) -> str:
    """Sentences on salt and pepper, and on fish and chips."""
    who, dish = person(rng), _dish(rng)
    rel, place = pick(rng, RELATIVES), pick(rng, PLACES)
    we = pick(rng, ("we", "they", "the children", f"{who.name} and I"))
    if rng.random() < 0.5:
        return pick(
            rng,
            (
                "add a pinch of salt and a dash of pepper.",
                f"add a pinch of salt and a dash of pepper to the {dish}.",
                f"the {dish} needed a pinch of salt and a dash of pepper.",
                f"{who.name} put a pinch of salt and a dash of pepper in the {dish}.",
                "then add a pinch of salt and a dash of pepper and stir well.",
                f"my {rel} adds a pinch of salt and a dash of pepper.",
                f'"It needs a pinch of salt and a dash of pepper," said {who.name}.',
                "with a pinch of salt and a dash of pepper it tastes much better.",
                "last of all comes a pinch of salt and a dash of pepper.",
                f"we cooked the {dish} with a pinch of salt and a dash of pepper.",
                f"{who.name} asked for salt and pepper.",
                "the salt and the pepper are on the table.",
                "take some salt and some pepper.",
            ),
        )
    return pick(
        rng,
        (
            "for lunch they had fish and chips.",
            "for lunch they had fish and chips.",
            f"for lunch they had fish and chips {place}.",
            f"for {pick(rng, MEALS[1:])} {we} had fish and chips.",
            f"{we} had fish and chips for {pick(rng, MEALS[1:])}.",
            f"{we} ate fish and chips {place}.",
            f'"For lunch they had fish and chips," said {who.name}.',
            "they were hungry, so for lunch they had fish and chips.",
            f"{who.name} loves fish and chips.",
            "at the harbour you can buy fish and chips.",
            f"{who.name} ordered fish and chips and {a('cup of tea') if rng.random() < 0.5 else 'a glass of water'}.",
            f"my {rel} makes the best fish and chips.",
            f"on Friday {we} always have fish and chips.",
        ),
    )


def _sentence(rng: random.Random) -> str:
    who, other = people(rng)
    food, food2, food3 = some(rng, SOME + MANY, 3)
    many, rel, place, meal, drink = (
        pick(rng, MANY),
        pick(rng, RELATIVES),
        pick(rng, PLACES),
        pick(rng, MEALS),
        pick(rng, DRINKS),
    )
    thing, taste = pick(rng, TASTES)
    made, source = pick(rng, MADE)
    taste2 = pick(rng, ("good", "wonderful", "delicious", "fresh", "very nice", "strange"))
    coins = pick(rng, ("two", "three", "four", "five", "six"))
    return pick(
        rng,
        (
            f"I would like to eat some {food}.",
            f"I would like to eat some {food}.",
            f"I would like to eat some {food} and {food2}.",
            f'"I would like to eat some {food}," said {who.name}.',
            f"I would like some {food}, please.",
            f"would you like some {food}? Yes, please.",
            f'"Would you like some {drink}?" asked {who.name}. "Yes, please," said {other.name}.',
            f'"May I have some {food}, please?" asked {who.name}.',
            f"{who.name} was hungry and ate some {food}.",
            f"{who.name} was thirsty and drank some {drink}.",
            f"for {meal} {who.name} had {food} and {food2}.",
            f"for {meal} they had {pick(rng, PAIRS)}.",
            f"for {meal} we had {pick(rng, PAIRS)}.",
            f"{who.name} likes {pick(rng, PAIRS)}.",
            f"my favourite food is {pick(rng, SOME)}.",
            f"{who.name}'s favourite food is {pick(rng, SOME)}.",
            f"I like {food}, but I do not like {food2}.",
            f"{who.name} likes {food}, but {other.name} likes {food2} better.",
            f"{who.name} bought {food}, {food2} and {food3}.",
            f"on the plate lay a slice of roast {pick(rng, ROAST)}.",
            f"{who.name} cut a slice of roast {pick(rng, ROAST)}.",
            f"on the table stood a bowl of {many}.",
            f"on the plate lay a slice of {pick(rng, ('bread', 'cake', 'cheese', 'toast', 'ham'))}.",
            f"{thing} {'taste' if thing in ('lemons', 'pears') else 'tastes'} {taste}."
            if taste not in ("hot", "cold", "fresh")
            else f"the {thing} was {taste}.",
            f"{made} {'are' if made == 'Chips' else 'is'} made from {source}.",
            f"the {food} {_are(food)} in the cupboard.",
            f"the {food} tasted {taste2}.",
            f"{who.name} cooked some {food} for {other.name}.",
            f"my {rel} cooks {food} {pick(rng, ('every Sunday', 'every day', 'very well', 'for us', 'on Monday'))}.",
            f"the {many} cost {coins} coins.",
            f'"How much are the {many}?" asked {who.name}. "They cost {coins} coins."',
            f"{who.name} put the {food} in {who.his} basket.",
            f"we bought {listing([food, food2, food3])} at the market.",
            f"first wash the {pick(rng, ('apples', 'carrots', 'potatoes', 'tomatoes', 'pears', 'plums', 'strawberries', 'mushrooms'))}, then cut them into small pieces.",
            "mix the flour, the milk and the eggs.",
            f"put it in the oven for {pick(rng, ('ten', 'twenty', 'thirty', 'forty'))} minutes.",
            f"boil the {pick(rng, ('water', 'potatoes', 'eggs', 'pasta'))} in a big pot.",
            "stir it slowly with a spoon.",
            "then let it cool and enjoy it.",
            "we eat soup with a spoon and cut meat with a knife.",
            "in the morning people eat breakfast, and in the evening they eat dinner.",
            "an apple is a kind of fruit, and a carrot is a kind of vegetable.",
            "a pear is a kind of fruit.",
            f"{who.name} drank a {pick(rng, ('glass', 'cup'))} of {pick(rng, ('milk', 'water', 'juice'))}.",
            f"{who.name} ate a piece of cake with {other.name}.",
            f"there was no {pick(rng, SOME)} left, so {who.name} went to the shop.",
            f"they sat {place} and ate {food}.",
            f'"What would you like to eat?" asked {who.name}. "I would like to eat some {food}," said {other.name}.',
            f"{who.name} shared {who.his} {food} with {other.name}.",
            f"{who.name} had no {food}, so {other.name} gave {who.him} some.",
            f"the {food} smelled so good that {who.name} wanted to eat {_them(food)} at once.",
            f"the baker bakes bread, and the farmer sells {many}.",
            "the pizza came with cheese and tomatoes.",
        ),
    )


def _opening(rng: random.Random) -> str:
    who, other = people(rng)
    time = cap(pick(rng, TIMES))
    return pick(
        rng,
        (
            f"{time} {who.name} was very hungry.",
            f"{time}, {who.name} and {other.name} cooked together.",
            f"{who.name} went to the market {time[0].lower() + time[1:]}."
            if time[:3] != "On "
            else f"{time}, {who.name} went to the market.",
            f"{who.name} is hungry.",
            f"{time} it was {other.name}'s turn to cook.",
            f"{who.name} visited {who.his} {pick(rng, RELATIVES)} {pick(rng, TIMES)}.",
            f"It was nearly time for {pick(rng, MEALS)}.",
            f"{who.name} sat down at the table.",
            f"Here is an easy recipe from {who.name}.",
            f"{who.name} opened the fridge.",
            f"{time} they had a picnic.",
            f"{who.name} and {other.name} went to the seaside.",
            f"My {pick(rng, RELATIVES)} loves to cook.",
            "The kitchen smelled wonderful.",
            f'"I am hungry," said {who.name}.',
            f'"What is for {pick(rng, MEALS)}?" asked {who.name}.',
            f"The whole family ate together {pick(rng, PLACES)}.",
            f"{who.name} made a shopping list.",
            f"After a long walk, {who.name} wanted to eat.",
            f"How do you make {a(pick(rng, ('good soup', 'good omelette', 'nice salad', 'big cake', 'tasty stew')))}?",
        ),
    )


def _closing(rng: random.Random) -> str:
    who = person(rng)
    return pick(
        rng,
        (
            "",
            "",
            "",
            "It was delicious.",
            "Everyone had enough to eat.",
            f"{who.name} washed the dishes.",
            "Enjoy your meal!",
            f'"Thank you, that was very good," said {who.name}.',
            f"{who.name} was full and happy.",
            "Nothing was left on the plates.",
            f"{who.name} wanted a little more.",
            "Then they drank some tea.",
            f"{who.name} said that it tasted wonderful.",
            "After the meal they went for a walk.",
        ),
    )


def document(rng: random.Random) -> str:
    """A meal, a recipe or some shopping."""
    middle = list(dict.fromkeys(_sentence(rng) for _ in range(rng.randint(2, 4))))
    if rng.random() < 0.45:
        middle.insert(rng.randint(0, len(middle)), _asked(rng))
    first = middle[0].lower()
    if rng.random() < 0.25 and not first.startswith(("for lunch they had fish", "a pinch", "an apple")):
        return text(*middle, _closing(rng))
    return text(_opening(rng), *middle, _closing(rng))
