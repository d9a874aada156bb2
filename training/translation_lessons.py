"""Sentences that lessons translate, with the translations a teacher would accept. None of them is ever trained on.

Accepted translations are compared without case and outer marks (`pairs.bare`).
"""

from dataclasses import dataclass

from .pairs import Pair, bare, even


@dataclass(frozen=True)
class Lesson:
    english: str
    language: str
    accepted: tuple[str, ...]


def _french(english: str, *accepted: str) -> Lesson:
    return Lesson(english, "fra", accepted)


def _dutch(english: str, *accepted: str) -> Lesson:
    return Lesson(english, "nld", accepted)


LESSONS = (
    _french("I love llamas", "J'aime les lamas", "J'adore les lamas"),
    _french("The cat is black.", "Le chat est noir.", "La chatte est noire."),
    _french("I have two dogs.", "J'ai deux chiens."),
    _french("My mother is tired.", "Ma mère est fatiguée."),
    _french("I would like to eat some bread.", "Je voudrais manger du pain.", "J'aimerais manger du pain."),
    _french("The house is big.", "La maison est grande."),
    _french("Where is the station?", "Où est la gare ?", "Où se trouve la gare ?"),
    _french("I am hungry.", "J'ai faim."),
    _french("She is my sister.", "C'est ma sœur.", "Elle est ma sœur."),
    _french("We are at school.", "Nous sommes à l'école.", "On est à l'école."),
    _french("What is your name?", "Comment t'appelles-tu ?", "Comment vous appelez-vous ?", "Quel est ton nom ?",
            "Quel est votre nom ?", "Comment tu t'appelles ?"),
    _french("The children are playing in the garden.", "Les enfants jouent dans le jardin."),
    _french("He drinks milk.", "Il boit du lait."),
    _french("I don't understand.", "Je ne comprends pas.", "Je ne saisis pas."),
    _french("It is raining today.", "Il pleut aujourd'hui.", "Aujourd'hui, il pleut."),
    _french("I like red apples.", "J'aime les pommes rouges.", "J'apprécie les pommes rouges."),
    _french("Thank you for your help.", "Merci pour ton aide.", "Merci pour votre aide.", "Merci de ton aide.",
            "Merci de votre aide.", "Je vous remercie de votre aide.", "Je te remercie de ton aide."),
    _french("They live in Paris.", "Ils vivent à Paris.", "Ils habitent à Paris.", "Elles vivent à Paris.",
            "Elles habitent à Paris.", "Ils habitent Paris."),
    _french("Can you help me?", "Peux-tu m'aider ?", "Pouvez-vous m'aider ?", "Est-ce que tu peux m'aider ?",
            "Est-ce que vous pouvez m'aider ?"),
    _french("The dog is sleeping.", "Le chien dort.", "Le chien est en train de dormir."),
    _french("I am reading a book.", "Je lis un livre.", "Je suis en train de lire un livre."),
    _french("My father works in a bank.", "Mon père travaille dans une banque."),
    _french("She speaks French.", "Elle parle français.", "Elle parle le français."),
    _french("Good morning!", "Bonjour !"),
    _french("The blue car is fast.", "La voiture bleue est rapide.", "La voiture bleue va vite."),
    _french("We drink water.", "Nous buvons de l'eau.", "On boit de l'eau."),
    _french("I saw a white horse.", "J'ai vu un cheval blanc.", "Je vis un cheval blanc."),
    _french("There are five birds in the tree.", "Il y a cinq oiseaux dans l'arbre."),
    _french("You are my best friend.", "Tu es mon meilleur ami.", "Tu es ma meilleure amie.",
            "Vous êtes mon meilleur ami.", "Vous êtes ma meilleure amie."),
    _french("The coffee is too hot.", "Le café est trop chaud."),
    _dutch("I love llamas", "Ik hou van lama's", "Ik houd van lama's", "Ik ben dol op lama's"),
    _dutch("The cat is black.", "De kat is zwart."),
    _dutch("I have two dogs.", "Ik heb twee honden."),
    _dutch("My mother is tired.", "Mijn moeder is moe.", "Mijn moeder is vermoeid."),
    _dutch("Where is the station?", "Waar is het station?"),
    _dutch("I am hungry.", "Ik heb honger."),
    _dutch("He drinks milk.", "Hij drinkt melk."),
    _dutch("I don't understand.", "Ik begrijp het niet.", "Ik snap het niet.", "Ik begrijp dat niet."),
    _dutch("The dog is sleeping.", "De hond slaapt.", "De hond is aan het slapen."),
    _dutch("I am reading a book.", "Ik lees een boek.", "Ik ben een boek aan het lezen."),
)  # fmt: skip

_BARE = frozenset(bare(lesson.english) for lesson in LESSONS)


def is_lesson(pair: Pair) -> bool:
    """Is its English side a lesson sentence, in any language and with any end mark?"""
    return bare(pair.english) in _BARE


def is_right(lesson: Lesson, translation: str) -> bool:
    return bare(even(translation, lesson.language)) in {bare(text) for text in lesson.accepted}
