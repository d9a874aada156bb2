"""Each thing to try keeps its promise: what its words say is computed with plain transformers and counted."""

import itertools
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from pages.common import fields, state
from pages.common.guides import CLOZE, INTERPRETER, KINDS, STORYTELLER, guide_of
from pages.common.page_map import PAGES

FOLDER = Path(__file__).parents[2] / "model_backend"
CLASSES = {
    STORYTELLER: transformers.AutoModelForCausalLM,
    CLOZE: transformers.AutoModelForMaskedLM,
    INTERPRETER: transformers.AutoModelForSeq2SeqLM,
}
PRESETS = {
    preset.key: preset for page in PAGES for kind in KINDS for preset in guide_of(page.key, kind).presets
}  # one that several kinds share counts once


@cache
def plain(name: str):
    """(tokenizer, model) as anybody would load them."""
    model = CLASSES[name].from_pretrained(FOLDER / name, dtype=torch.float32, attn_implementation="eager").eval()
    return transformers.AutoTokenizer.from_pretrained(FOLDER / name), model


class Seen:
    """What a preset lets one see, from nothing but its shared values."""

    def __init__(self, shared: dict) -> None:
        self.shared, self.name = shared, shared["model"]
        self.prompt = shared.get("prompt", state.FIELDS["prompt"].default)
        self.tokenizer, self.model = plain(self.name)
        self.ids = self.tokenizer(self.prompt, return_tensors="pt").input_ids
        self.focus = shared.get("focus", self.ids.shape[1] - 1)
        read, arguments = self.ids.clone(), {}
        if self.name == CLOZE:
            mask = self.tokenizer.mask_token_id
            self.focus = shared.get("focus", int((read[0] == mask).int().argmax()))
            guesses = "layer" not in shared  # on Attention nothing is hidden unless a person wants it
            if shared.get("masked", guesses):
                read[0, self.focus] = mask
        if self.name == INTERPRETER:
            own = self.model.generate(read, do_sample=False, num_beams=1, max_new_tokens=40)
            if shared.get("target"):
                target = self.tokenizer(text_target=shared["target"], return_tensors="pt").input_ids
                own = torch.cat([own[:, :1], target], 1)
            self.target, self.focus = own, shared.get("target_focus", 1)
            arguments = {"decoder_input_ids": own}
        with torch.no_grad():
            self.out = self.model(read, **arguments, output_attentions=True, output_hidden_states=True)

    def word(self, token_id) -> str:
        return self.tokenizer.decode([int(token_id)]).strip()

    def p(self, position=None) -> torch.Tensor:
        """[vocab] at the focus."""
        return self.out.logits[0, self.focus if position is None else position].softmax(-1)

    def best(self, n=1, p=None) -> list[tuple[str, float]]:
        values, ids = (self.p() if p is None else p).topk(n)
        return [(self.word(i), float(v)) for v, i in zip(values, ids, strict=True)]

    def chance(self, word: str) -> float:
        return max(v for w, v in self.best(len(self.p())) if w == word)

    def bits(self) -> float:
        p = self.p().double()
        return float(-(p * p.log2()).sum())

    def surprisal(self, position: int, ids=None) -> float:
        """Bits of the token at a position."""
        ids = self.ids if ids is None else ids
        return float(-self.p(position - 1)[ids[0, position]].log2())

    def look(self) -> torch.Tensor:
        """[query, key] of the preset's head."""
        field = f"{self.shared['kind']}_attentions" if "kind" in self.shared else "attentions"
        return self.out[field][self.shared["layer"]][0, self.shared["head"]]

    def rows(self) -> list[tuple[str, float]]:
        """The best guess of each row of the logit lens at the focus."""
        if self.name == INTERPRETER:
            states, read = (
                self.out.decoder_hidden_states,
                lambda h: self.model.lm_head(h) + self.model.final_logits_bias,
            )
        elif self.name == CLOZE:
            states, read = self.out.hidden_states, self.model.cls
        else:
            norm = self.model.transformer.ln_f
            states = [*map(norm, self.out.hidden_states[:-1]), self.out.hidden_states[-1]]
            read = self.model.lm_head
        with torch.no_grad():
            return [self.best(1, read(h)[0, self.focus].softmax(-1))[0] for h in states]

    def written(self, n: int, **settings) -> str:
        """What plain transformers writes without dice."""
        ids = self.model.generate(self.ids, do_sample=False, max_new_tokens=n, pad_token_id=0, **settings)
        return self.tokenizer.decode(ids[0, self.ids.shape[1] :], skip_special_tokens=True)

    def diced(self, n: int, seed: int) -> str:
        """n tokens, each where the next number of the seed falls among the probabilities laid end to end, the largest first."""
        dice, ids = np.random.default_rng(seed), self.ids
        for _ in range(n):
            with torch.no_grad():
                p, order = self.model(ids).logits[0, -1].softmax(-1).double().sort(descending=True, stable=True)
            place = np.searchsorted(np.cumsum(p.numpy()), dice.random(), side="right")
            ids = torch.cat([ids, order[place].view(1, 1)], 1)
        return self.tokenizer.decode(ids[0], skip_special_tokens=True)

    def vector(self, word: str) -> torch.Tensor:
        ids = self.tokenizer(f" {word}", add_special_tokens=False).input_ids
        return self.model.get_input_embeddings().weight.detach()[ids].mean(0)

    def nearest(self, words, to: torch.Tensor) -> str:
        words = list(words)
        return words[
            int(torch.cosine_similarity(torch.stack([self.vector(word) for word in words]), to[None]).argmax())
        ]


def words_of(s: Seen) -> list[str]:
    return s.shared["words"].split(", ")


def sum_of_words(s: Seen, widgets: dict) -> torch.Tensor:
    a, b, c = (torch.nn.functional.normalize(s.vector(widgets[f"analogy_{x}"]), dim=0) for x in "abc")
    return a - b + c


def plain_words(s: Seen) -> list[str]:
    """Words of the vocabulary that begin with a space and have letters only: what an analogy is compared with."""
    table = (s.tokenizer.decode([i]) for i in range(1, 5000))
    return [word.strip() for word in table if re.fullmatch(" [A-Za-z]{2,}", word)]


def pairs(text: str) -> Counter:
    words = re.findall(r"\w+", text.lower())
    return Counter(itertools.pairwise(words))


def french(s: Seen) -> str:
    return s.tokenizer.decode(s.target[0], skip_special_tokens=True)


def own_way(row: torch.Tensor, step: int) -> float:
    """Share of the tokens (those with a neighbour there) that give over 90 % of their attention `step` places on."""
    looks = row.diagonal(step)
    return float((looks > 0.9).float().mean())


PROMISES = {
    "home_sure": lambda s, w: s.best()[0][0] == "Tower" and s.chance("Tower") > 0.95,
    "home_open": lambda s, w: (
        {x for x, _ in s.best(5)} <= set(["white", "yellow", "blue", "green", "orange", "purple", "red", "black", "pink", "brown"])
        and s.best()[0][1] < 0.2),
    "home_context": lambda s, w: {x for x, _ in s.best(2)} == {"thick", "rough"}
    and {"loud", "deep"} < {x for x, _ in Seen({**s.shared, "prompt": s.prompt.replace("tree", "dog")}).best(5)}
    and Seen({**s.shared, "prompt": s.prompt.replace("tree", "dog")}).chance("rough") < 0.02,
    "home_both_sides": lambda s, w: s.best()[0][0] == "bank" and s.best()[0][1] > 0.9,
    "home_many_fit": lambda s, w: {x for x, _ in s.best(5)} == {"tea", "apples", "soup", "water", "coffee"} and s.best()[0][1] < 0.1,
    "home_plain_sight": lambda s, w: s.word(s.ids[0, s.focus]) == "bank" and s.chance("bank") > 0.95,
    "home_french": lambda s, w: french(s) == "J'ai deux chiens." and int(s.target[0, -1]) == s.tokenizer.eos_token_id,
    "home_dutch": lambda s, w: french(s) == "Ik heb twee honden.",
    "home_order": lambda s, w: french(s) == "J'ai une voiture rouge.",
    "tokens_rare": lambda s, w: s.ids.shape[1] - 1 == 9,
    "tokens_same_word": lambda s, w: (
        len(s.prompt.split()) == 4 and len(set(s.ids[0].tolist())) == s.ids.shape[1]
        and s.prompt.lower() == "the the the the"),
    "tokens_script": lambda s, w: (
        s.ids.shape[1] - 1 == 3 + len("नमस्ते".encode()) + 1
        and " hello" in [s.tokenizer.decode([i]) for i in s.ids[0]]),
    "embeddings_animals": lambda s, w: s.nearest(words_of(s)[1:], s.vector("dog")) == "cat",
    "embeddings_capitals": lambda s, w: s.nearest(words_of(s)[1:], s.vector("France")) == "Paris",
    "embeddings_analogy": lambda s, w: s.nearest(plain_words(s), sum_of_words(s, w)) == "king"
    and s.nearest(set(plain_words(s)) - {"king", "man", "woman"}, sum_of_words(s, w)) == "queen",
    "attention_previous": lambda s, w: (
        s.word(s.ids[0, s.focus]) == "dog" and s.look()[s.focus].argmax() == s.focus - 1
        and s.look()[s.focus].max() > 0.5),
    "attention_same": lambda s, w: s.word(s.ids[0, 2]) == "dog" and s.look()[s.focus, 2] > 0.5,
    "attention_sink": lambda s, w: bool((s.look()[:, 0] > 0.9).all()),
    "attention_before": lambda s, w: own_way(s.look(), -1) > 0.8,
    "attention_after": lambda s, w: own_way(s.look(), 1) > 0.8,
    "attention_twins": lambda s, w: (
        s.word(s.ids[0, 2]) == s.word(s.ids[0, 8]) == "dog"
        and all(s.look()[q].argmax() == k and s.look()[q, k] > 0.4 for q, k in ((2, 8), (8, 2)))),
    "attention_crossing": lambda s, w: (
        s.word(s.target[0, s.focus]) == "une" and s.word(s.target[0, s.focus + 1]) == "voiture"
        and s.word(s.ids[0, s.look()[s.focus].argmax()]) == "car" and s.look()[s.focus].max() > 0.7),
    "attention_crossing_back": lambda s, w: (
        s.word(s.target[0, s.focus + 1]) == "rouge" and s.word(s.ids[0, s.look()[s.focus].argmax()]) == "red"
        and s.look()[s.focus].max() > 0.7),
    "attention_itself": lambda s, w: bool((s.look().diagonal() > 0.9).all()),
    "layers_early": lambda s, w: s.rows()[0][0] != "Tower" and all(word == "Tower" for word, _ in s.rows()[1:]),
    "layers_turn": lambda s, w: [word for word, _ in s.rows()[1:]] == ["hot"] * 4 + ["cold"] * 2,
    "layers_difference": lambda s, w: (
        2.5 < logit_gap(s, w) < 3 and logit_gap(Seen({**s.shared, "prompt": s.prompt.replace("dog", "tree")}), w) < 0),
    "layers_capital": lambda s, w: [word == "paris" for word, _ in s.rows()] == [False] * 3 + [True] * 2,
    "layers_bank": lambda s, w: s.rows()[-2][0] == "side" and s.rows()[-1][0] == "bank" and s.rows()[-1][1] > 0.9,
    "layers_food": lambda s, w: s.rows()[-2][0] == "food" and s.rows()[-1][0] == "tea",
    "layers_first_word": lambda s, w: (
        [word == "La" for word, _ in s.rows()] == [False] * 3 + [True] and "Ik" in [word for word, _ in s.rows()]),
    "layers_where": lambda s, w: [word == "Où" for word, _ in s.rows()] == [False] * 3 + [True],
    "layers_dutch": lambda s, w: [word for word, _ in s.rows()[-2:]] == ["J'", "Het"],
    "prediction_sure": lambda s, w: s.chance("time") > 0.999 and s.bits() < 0.01,
    "prediction_unsure": lambda s, w: 7.8 < s.bits() < 8.2 and 225 < 2 ** s.bits() < 290,
    "prediction_surprise": lambda s, w: s.best()[0][0] == "cold" and 19 < s.surprisal(6) < 20 and s.word(s.ids[0, 6]) == "soup",
    "prediction_after": lambda s, w: s.best()[0][0] == "paris" and s.focus == 1,
    "prediction_hidden": lambda s, w: s.best()[0][0] == "bank" and s.best()[0][1] < 0.5,
    "prediction_shown": lambda s, w: s.chance("bank") > 0.95,
    "prediction_own": lambda s, w: french(s) == "J'ai deux chiens." and 2.0 ** -whole_bits(s) > 0.8,
    "prediction_cats": lambda s, w: s.word(s.target[0, s.focus]) == "chats" and s.surprisal(s.focus, s.target) > 10,
    "prediction_grammar": lambda s, w: (
        s.word(s.target[0, s.focus]) == "ai" and 6.5 < s.surprisal(s.focus, s.target) < 7.5 and own_ai(s) < 0.1),
    "sampling_greedy": lambda s, w: s.shared["temperature"] == 0 and s.best()[0][1] < 0.2,
    "sampling_hot": lambda s, w: (
        s.chance("time") > 0.999 and float((s.out.logits[0, -1] / s.shared["temperature"]).softmax(-1).max()) < 0.8),
    "sampling_nucleus": lambda s, w: (nucleus(s), nucleus(Seen({**s.shared, "prompt": w["sampling_other"]}))) == (9, 1),
    "generation_loop": lambda s, w: s.written(40).count("cat says meow") == 4,
    "generation_penalty": lambda s, w: max(pairs(s.prompt + s.written(40, repetition_penalty=s.shared["repetition"])).values()) < 4,
    "generation_seed": lambda s, w: (
        "little boy called Jack" in s.diced(6, 0) and "little girl who loved spring" in s.diced(6, s.shared["seed"])),
}  # fmt: skip


def logit_gap(s: Seen, widgets: dict) -> float:
    a, b = (
        s.tokenizer(f" {widgets[key]}", add_special_tokens=False).input_ids
        for key in ("layers_token", "layers_against")
    )
    assert len(a) == len(b) == 1
    return float(s.out.logits[0, s.focus, a[0]] - s.out.logits[0, s.focus, b[0]])


def whole_bits(s: Seen) -> float:
    return sum(s.surprisal(i, s.target) for i in range(1, s.target.shape[1]))


def own_ai(s: Seen) -> float:
    """The surprisal of "ai" in the model's own translation, which begins with "J'"."""
    own = Seen({"model": s.name, "prompt": s.prompt})
    assert [own.word(i) for i in own.target[0, 1:3]] == ["J'", "ai"]
    return own.surprisal(2, own.target)


def nucleus(s: Seen) -> int:
    """The fewest of the likeliest that reach top-p."""
    return int((s.p(-1).sort(descending=True).values.cumsum(-1) < s.shared["top_p"]).sum()) + 1


def test_every_preset_has_a_promise():
    missing = set(PRESETS) - set(PROMISES)
    assert not missing, f"write what each of these promises as a line of PROMISES, with plain transformers: {missing}"
    assert not set(PROMISES) - set(PRESETS), "a promise without a preset"


@pytest.mark.parametrize("key", sorted(set(PRESETS) & set(PROMISES)))
def test_a_preset_keeps_its_promise(key):
    preset = PRESETS[key]
    assert PROMISES[key](Seen(preset.shared), preset.widgets)


def test_a_preset_sets_only_values_that_an_address_can_carry():
    for preset in PRESETS.values():
        for name, value in preset.shared.items():
            assert state.FIELDS[name].parse(fields.written(value)) == value
