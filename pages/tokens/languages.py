"""What one sentence costs in other languages, in tokens and in money."""

from collections.abc import Callable, Sequence

import streamlit as st

from model_backend.base.cuts import Cut, by_bytes
from model_backend.base.languages import LANGUAGES, MILLION, OWN, SENTENCES, language_costs, spoken
from model_backend.hub import catalogue
from model_backend.serving.questions.cutting import cuts_by, openai_cuts, openai_here, own_cuts
from pages.common.cards import card
from pages.common.components import component
from pages.common.door import ask
from pages.common.fragments import fragment
from pages.common.screen import Screen
from pages.common.text import rich, t
from pages.tokens import words
from pages.tokens.words import answer
from viz import tokens

Cutter = Callable[[tuple[str, ...]], Sequence[Cut]]  # cuts texts


@fragment
def show_languages(s: Screen) -> None:
    """What one sentence costs in many languages, against English."""
    with card("tokens_languages", t("Is every language equally expensive?")) as c:
        place = st.container()
        wide, middle, narrow = st.columns([5, 4, 3], vertical_alignment="bottom")
        which = wide.selectbox(
            t("Sentence"), range(len(SENTENCES)), format_func=SENTENCES.__getitem__, key="tokens_sentence"
        )
        cutters = tokenizers_for_languages(s)
        name = middle.selectbox(t("Tokenizer"), list(cutters), key="tokens_language_tokenizer")
        price = narrow.number_input(
            t("Price per million tokens"), 0.0, 1_000_000.0, 1.0, 0.25, key="tokens_price", help=t("In any currency.")
        )
        wide, narrow = st.columns([3, 1], vertical_alignment="bottom")
        own = {OWN: wide.text_input(t("A sentence of your own, in any language"), key="tokens_own", max_chars=500)}
        with narrow:
            own |= edited_sentences(which)
        texts = tuple(sentence for _, sentence in spoken(which, own))
        n_tokens = {text: cut.n_tokens for text, cut in zip(texts, cutters[name](texts), strict=True)}
        costs = language_costs(n_tokens.__getitem__, which, price, own)
        dearest = costs[-1]
        sentence = rich(
            "In {language} this sentence takes <b>{times} times</b> the tokens that English takes: {many} instead of {few}, "
            "and whoever pays by the token pays {times} times as much.",
            language=language_title(dearest.language),
            times=f"{dearest.ratio:.1f}",
            many=dearest.n_tokens,
            few=next(cost.n_tokens for cost in costs if cost.language.code == "en"),
        )
        answer(place, sentence)
        rows = tokens.language_rows(costs)
        for row, cost in zip(rows, costs, strict=True):
            row |= {"name": language_title(cost.language), "money": cost.money * MILLION}
        component(
            "language_cost", key="tokens_costs", data={"rows": rows, "labels": words.language_table(), "digits": 2}
        )
        st.html(f'<p class="ts-note">{why_so_different(reads_english_only(name))}</p>')
        named = {"language": [language_title(cost.language) for cost in costs]}
        c.numbers(words.columns(tokens.language_columns(costs) | named), file="languages.csv")
        c.formula(
            r"\text{cost} = \frac{\text{tokens} \cdot \text{price per million}}{10^6}, \qquad \text{ratio} = "
            r"\frac{\text{tokens}}{\text{tokens in English}}",
            t("You pay for tokens, not for meaning."),
        )


def tokenizers_for_languages(s: Screen) -> dict[str, Cutter]:
    """Title to a function that cuts texts: as this model, the other bundled ones, OpenAI's where they are there, and bytes."""
    result: dict[str, Cutter] = {title_of_model(s): lambda texts: s.ask(own_cuts, texts)}
    for entry in catalogue.entries():
        if entry.name != s.model.info.name:
            result[entry.title] = lambda texts, name=entry.name: ask(cuts_by, name, texts)
    for name in ask(openai_here):
        result[f"OpenAI {name}"] = lambda texts, name=name: ask(openai_cuts, name, texts)
    result[t("plain bytes")] = lambda texts: [by_bytes(text) for text in texts]
    return result


def title_of_model(s: Screen) -> str:
    """The loaded model's name as a person knows it."""
    entry = catalogue.find(s.model.info.name)
    return entry.title if entry else s.model.info.name


def edited_sentences(which: int) -> dict[str, str]:
    """Sentences that the person changed, by language code."""
    with st.popover(t("Change the sentences"), key="tokens_change_sentences"):
        table = {
            t("language"): [language_title(language) for language in LANGUAGES],
            t("sentence"): [language.sentences[which] for language in LANGUAGES],
        }
        edited = st.data_editor(
            table, disabled=[t("language")], hide_index=True, key=f"tokens_edit_{which}", width="stretch"
        )
    return {language.code: str(text or "") for language, text in zip(LANGUAGES, edited[t("sentence")], strict=True)}


def language_title(language) -> str:
    """A language's name in the language of the screen."""
    names = {
        "en": t("English"), "fr": t("French"), "de": t("German"), "es": t("Spanish"), "it": t("Italian"),
        "pt": t("Portuguese"), "nl": t("Dutch"), "pl": t("Polish"), "tr": t("Turkish"), "vi": t("Vietnamese"),
        "sw": t("Swahili"), "ru": t("Russian"), "el": t("Greek"), "ar": t("Arabic"), "he": t("Hebrew"), "hi": t("Hindi"),
        "bn": t("Bengali"), "th": t("Thai"), "zh": t("Chinese"), "ja": t("Japanese"), "ko": t("Korean"), OWN: t("Your own"),
    }  # fmt: skip
    return names[language.code]


def reads_english_only(title_shown: str) -> bool:
    """Whether the tokenizer of that title belongs to a bundled model for English alone."""
    return any(entry.title == title_shown and entry.languages == ("en",) for entry in catalogue.entries())


def why_so_different(read_english_only: bool) -> str:
    """Why languages differ, and why it is extreme for a tokenizer that read one language only."""
    if read_english_only:
        return t(
            "This tokenizer learned its pieces from English texts alone, so the difference is extreme: it has pieces for English words, "
            "few for other words in Latin letters, and none for other scripts. Those it spells byte by byte, and a Thai letter is "
            "three bytes, so three tokens."
        )
    return t(
        "A tokenizer learns its pieces from a training text. A language that was rare in it got few pieces of its own, so its "
        "words fall apart into small ones, in the worst case into single bytes."
    )
