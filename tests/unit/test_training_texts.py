"""The synthetic texts, byte for byte: the bundled weights can only be made again while the same seed gives the same text.

A hash that changes here is a new text: the models have to be trained again, and their cards written anew, before it may.
"""

import hashlib
import json
import random
from collections.abc import Iterable
from dataclasses import asdict
from importlib import import_module
from itertools import islice

import pytest

from training import classroom, conversations
from training.assistant_lessons import LESSONS, RESERVED
from training.classroom_pairs import classroom_pairs
from training.cloze_prompts import CLOZE_PROMPTS, held_out_sentences
from training.conversations import dialogues, given, styles
from training.lesson_prompts import COLOURS, CONTRASTS, LESSON_PROMPTS
from training.mixture import Recipe
from training.translation_lessons import LESSONS as TRANSLATIONS
from training.two_sense_sentences import TWO_SENSES


def digest(texts: Iterable[str]) -> str:
    """sha256 of the texts, each followed by an end-of-text line as `python -m training.classroom` writes it."""
    total = hashlib.sha256()
    for text in texts:
        total.update(f"{text}\n<|endoftext|>\n".encode())
    return total.hexdigest()


def as_json(items: Iterable[object]) -> list[str]:
    return [json.dumps(item, ensure_ascii=False) for item in items]


def documents_of(topic: str) -> list[str]:
    rng = random.Random(1)
    module = import_module(f"training.classroom.{topic}")
    return [module.document(rng) for _ in range(1500)]


def turns_of(topic: str) -> list[str]:
    rng = random.Random(1)
    module = import_module(f"training.conversations.{topic}")
    return as_json(asdict(module.turn_of(rng)) for _ in range(1500))


def told() -> list[str]:
    rng = random.Random(1)
    return as_json([given.system_prompt(rng, given.facts(rng, 3)), styles.style(rng).rule] for _ in range(1500))


CLASSROOM = {
    "animals": "c8f33545f378bbacbc10fca6656245684d2377770a5f2d195a548852b2298404",
    "capitals": "990883361f9db5e426de07a3e04b8e84112851d5d74239724f5ffa1ef71b45f9",
    "categories": "cb0ed614d7f1d76adb037956cf04d5123bc5251b91a90d0455583d34e7ece4c4",
    "colours": "4923eed7763aa06a4cd7bca3d09c88cdf789bcce2d9b215bc6c308dd0507f794",
    "dialogues": "7998326045bf9d944d879078c0924731823ed57d752af40fafa9ed5574408b64",
    "everyday": "14f8bc8a52b077c9cd23da1b75712d56498a71b51bbd2c47aa7dd2d593a31186",
    "food": "11147d30ec8a6c48ad971d79978f2db809f8ff939587de0cfbd5c160c7ef067c",
    "landmarks": "54509076991617a05f6eab47c26f0cb51ac8e604e76909c5c301ec57adabef73",
    "opposites": "97839cac9ef034770578af3e04a73924980e8c83fb6d549e444e321affc8e705",
    "proverbs": "fa3c9e487a31dc005e451642f07f0298bf46601212269688c523a38ffb8db13c",
    "royal": "ae0d04896e31e2fe12c42977451a12828eec87f4e81bcabb282c0a54ad85f03c",
    "senses": "920bef9737a8677d6839e6fb60044c8ca863f0e6c2173349e998d8bd6c256a3a",
    "stories": "165c5696d55cf9e478fb1587866f30c14c064cb002cefeacf2e47f5f912cc088",
    "sums": "34fa8e2e9b4694465e915399922c4a834f952aae6620d234d550db07db0e9176",
}

CONVERSATIONS = {
    "animals": "cb4555703bf8a200c9ee5e5feb9508788460bb9f14d0170cfb481e9e9ed043c3",
    "calendar": "94b783957d3bccd2bf10a97f41fa8bb009b6afe84c2c77a3225f6622580a1a60",
    "colours": "ba918085a31dfc08f57b760572a712afe8fa327352bd399d82a7d412fce67607",
    "copying": "85f4c12ec5ae3c7c7d4427345f9e4fe624c3debdba3eaa0b56396e8f63cce142",
    "countries": "e33b749298568edc97a68e0a5aa308d9df5aedfd1b513e85e47ec7e7c4c39535",
    "definitions": "e91a4f85ef81e427a1a9bdbe3f90dd34a97aa33a87c6b9b2b53a804f6fe0f828",
    "jokes": "96c2c3d046a5ad0e787e898d44eea4f6318a87e7e3007176c1f8c494e2113612",
    "kinds": "651e67f1097e49ff0eb8f2f8dfa1075dda02430512cff8224f6c434e7fade46f",
    "oneself": "41eb6363b7bec36e8c2f3a034360b053b4d9e61aa08427e43846a87cd309bcfd",
    "opposites": "b137ac1a155e1cd6fd08bb338fba33e00478b1a69d5e8ee91a9a30e42c97d1d3",
    "reading": "f0da96a10aae59865747a70a76285692ae27e455d538eeb8c554da468e28e4b4",
    "remarks": "87da1721aaebb7de8139a26744e37c000da249526317aa1ae79dfb30fef79a78",
    "sayings": "753c825c9ecbf4dab2ebd9d5ed8aebadf876017239dd62eb279e332b53b315d5",
    "smalltalk": "5a4f5a3d83e06b288c4b94dfc160f6195f1b05ac5b7da01cb72e04d222b850aa",
    "stories": "0ce3d8d40bb5f5eacff98135bdbba54c80ec79a054621ef5b081f046b8fe90d7",
    "sums": "645e0f38af56a46414caea99ff5d0495a6c7eface4f3ac71bf70c3adb61713ff",
    "unknown": "7a46832f8543f59cc2516b3e493facb42c916e625679253b1d164a63e4269035",
    "wishes": "46e872f312ba4c9be5c7895709fff3b6a2a4a9258809aea50b957ecfbd331159",
}

TABLES = {
    "held-out next words": (
        lambda: as_json([*map(asdict, (*LESSON_PROMPTS, *CONTRASTS)), COLOURS]),
        "8fe1a24ab6a1d63772b9c19ccd22149626378f46df63da6cbe1ce8bc671d9118",
    ),
    "held-out gaps": (
        lambda: as_json(map(asdict, CLOZE_PROMPTS)),
        "ff20ca7a5577329cc2d4d564577e733422fbbae921768dcdbb8d5815d5f584f1",
    ),
    "words with two senses": (
        lambda: as_json(map(asdict, TWO_SENSES)),
        "6146902394380d059803bf0a60993044b5564511c3fc15e84ec45636ebd7ceec",
    ),
    "sentences never trained on": (
        lambda: sorted(held_out_sentences()),
        "00f567e75c758f4addb350c62be1f58b04a25b68ebc24e9692444255e7940bea",
    ),
    "held-out dialogues": (
        lambda: as_json([*map(asdict, LESSONS), RESERVED]),
        "a8f10ab5b3a65aade186ecbe62e6813b0699781e35f9b61a4f62a80682e26eaf",
    ),
    "held-out translations": (
        lambda: as_json(map(asdict, TRANSLATIONS)),
        "b8dd8c8bcadb3ee391aa2a6778f7eb742c17b1de7794ba910b024b82070f176e",
    ),
    "translation pairs": (
        lambda: as_json(map(asdict, classroom_pairs(seed=0))),
        "cd7fd4ae696f04377722777ab85144309edc84c95f7a6a7947979c4d2d6cde03",
    ),
    "what is told": (told, "2c5b8724c2df3d39dc88ebcb03108a97a990f6b89515500d5815583fb4cc8468"),
    "dialogues": (
        lambda: as_json(islice(dialogues(seed=0), 2500)),
        "af6c600fa44fdb7c8f20f18cfff927c420dd38856855547d3d7ac261df3de11b",
    ),
}


@pytest.mark.parametrize("topic", classroom.TOPICS)
def test_a_topic_of_the_classroom_text_is_as_it_was(topic):
    assert digest(documents_of(topic)) == CLASSROOM[topic]


@pytest.mark.parametrize("topic", conversations.TOPICS)
def test_a_topic_of_the_conversations_is_as_it_was(topic):
    assert digest(turns_of(topic)) == CONVERSATIONS[topic]


@pytest.mark.parametrize("name", TABLES)
def test_what_is_drawn_or_listed_is_as_it_was(name):
    texts, expected = TABLES[name]
    assert digest(texts()) == expected


def test_the_whole_classroom_text_is_the_one_that_the_storyteller_read():
    recipe = Recipe()
    assert (
        digest(classroom.documents(recipe.seed, recipe.classroom_chars))
        == "b776f5bdde8103fca10b0d05b74c96a868ab11acd745161494a05d5d71592496"
    )
