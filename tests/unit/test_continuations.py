"""The tree of continuations, against plain transformers and against itself: going back must give the very same bits."""

import numpy as np
import pytest
import torch

from model_backend import PromptTooLong, SamplingSettings
from model_backend.analysis.scoring import logprobs_nats
from model_backend.base.continuation_records import ROOT, TOP, Begun, Tree, Window, head_of
from model_backend.base.stopping import Limits
from model_backend.engine import sampling
from model_backend.writing.cache_cost import step_costs
from model_backend.writing.paths import Paths
from model_backend.writing.repeating import N_TOKENS, done_twice
from tests.continuing import Continuations
from tests.tiny_models import DECODERS, PROMPT, TRANSLATORS, network

DRAWN = SamplingSettings(temperature=1.3, top_k=50, frequency_penalty=0.4)
PLAIN = SamplingSettings()


def tree_of(model, prompt=PROMPT, **options) -> Continuations:
    return Continuations(Paths(model, prompt, **options))


@torch.no_grad()
def teacher_forced(family: str, model, begun, written) -> float:
    """Sum of ln p of `written`, by one pass of plain transformers over everything, attention mask and all."""
    net, text = network(family), torch.tensor([[*begun, *written]])
    if family in TRANSLATORS:
        source = torch.tensor(model.tokenize(PROMPT).ids)[None]
        logits = net(input_ids=source, decoder_input_ids=text).logits
    else:
        logits = net(text, attention_mask=torch.ones_like(text)).logits
    ln_p = logits[0].double().log_softmax(-1)
    return sum(ln_p[len(begun) - 1 + i, token].item() for i, token in enumerate(written))


@pytest.mark.parametrize("family", (*DECODERS, "mamba", *TRANSLATORS))
def test_the_joint_probability_of_a_leaf_is_that_of_one_pass(tiny, family):
    """Catches: an edge that bears the probability after temperature and cuts, a branch that remembers its sister's tokens, a
    sum that begins one token too late."""
    model = tiny(family)
    tree = tree_of(model)
    first = list(tree.write(ROOT, DRAWN, 1, Limits(6)))
    forced = tree.take(first[0].index, 77, DRAWN)
    list(tree.write(forced.index, DRAWN, 2, Limits(5)))
    leaves = tree.leaves()
    assert len(leaves) == 2
    for leaf in leaves:
        written = tree.token_ids(leaf.index)
        expected = teacher_forced(family, model, tree.begun, written)
        assert leaf.joint_nats == pytest.approx(expected, abs=2e-4)
        assert logprobs_nats(model, PROMPT, written).sum() == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("family", TRANSLATORS)
def test_what_follows_a_begun_target_is_judged_after_it(tiny, family):
    """Catches: a target that is not read."""
    model = tiny(family)
    begun = model.tokenize_target("the dog", is_whole=False)
    expected = teacher_forced(family, model, begun.ids.tolist(), [50, 77])
    assert logprobs_nats(model, PROMPT, [50, 77], begun).sum() == pytest.approx(expected, abs=2e-4)
    assert logprobs_nats(model, PROMPT, [50, 77]).sum() != pytest.approx(expected, abs=1e-2)


@pytest.mark.parametrize("family", ("gpt2", "llama", "mistral", "gemma2", "bloom", "mamba", "t5", "bart"))
def test_going_back_gives_the_very_same_bits(tiny, family):
    """Catches: keys and values of the abandoned branch left in the cache, a text read in other portions than before."""
    model = tiny(family)
    tree = tree_of(model)
    nodes = [tree.take(ROOT, 50, PLAIN)]
    for token_id in (60, 70, 80, 90):
        nodes.append(tree.take(nodes[-1].index, token_id, PLAIN))
    before = {at: tree.look(at, PLAIN).logits.tobytes() for at in (ROOT, *(node.index for node in nodes))}
    branch = tree.take(nodes[1].index, 55, PLAIN)
    for token_id in (56, 57):
        branch = tree.take(branch.index, token_id, PLAIN)
    for at in (nodes[4].index, nodes[2].index, ROOT, nodes[3].index, nodes[0].index):
        assert tree.look(at, PLAIN).logits.tobytes() == before[at]
    anew = tree_of(model)
    at = ROOT
    for token_id in (50, 60, 70):
        at = anew.take(at, token_id, PLAIN).index
    assert anew.look(at, PLAIN).logits.tobytes() == before[nodes[2].index]


@pytest.mark.parametrize("family", ("gpt2", "t5"))
def test_writing_with_a_seed_is_what_generate_writes(tiny, family):
    model = tiny(family)
    tree = tree_of(model)
    written = [node.token_id for node in tree.write(ROOT, DRAWN, 5, Limits(12))]
    assert written == [step.token_id for step in model.generate(PROMPT, DRAWN, max_new_tokens=12, seed=5)]
    last = tree.leaves()[0]
    assert tree.draw(last.parent, DRAWN, 5).index == last.index  # the same dice at the same place: no new branch


def test_a_step_keeps_what_it_was_chosen_from(tiny):
    model = tiny("gpt2")
    tree = tree_of(model)
    node = tree.draw(ROOT, DRAWN, 3)
    whole = model.next_token(PROMPT, DRAWN)
    assert node.choices.ids.tolist() == whole.ids[:TOP].tolist()
    np.testing.assert_allclose(node.choices.p_final, whole.p_final[:TOP], atol=1e-5)
    place = whole.rank_of(node.token_id) - 1
    assert node.rank == place + 1 and node.p_final == pytest.approx(float(whole.p_final[place]), abs=1e-5)
    assert node.begins <= node.dice < node.ends
    assert node.ends - node.begins == pytest.approx(node.p_final, abs=1e-6)
    assert node.choices.n_kept == whole.kept.sum() == 50
    assert node.n_read == len(tree.begun) and tree.draw(node.index, DRAWN, 3).n_read == 1
    forced = tree.take(ROOT, int(whole.ids[300]), DRAWN)
    assert forced.dice is None and forced.p_final == 0 and forced.rank == 301
    assert set(tree.children(ROOT)) == {node.index, forced.index}
    with pytest.raises(ValueError, match="400"):
        tree.take(ROOT, 400, DRAWN)


def test_a_window_forgets_the_oldest_quarter_at_once():
    """Limit 8, step 2: worked by hand."""
    window = Window(8)
    assert [window.first_seen(n) for n in range(6, 14)] == [0, 0, 0, 2, 2, 4, 4, 6]
    assert [window.read_at_once(n, 3) for n in (8, 9, 10, 11)] == [3, 9, 9, 11]


def test_a_full_window_slides_and_reads_only_what_is_inside(tiny):
    """Catches: positions that go on counting, a cache that keeps what has fallen out."""
    model = tiny("gpt2")
    tree = tree_of(model, window=16)
    nodes = list(tree.write(ROOT, DRAWN, 4, Limits(14, slides=True)))
    assert len(tree.begun) + len(nodes) > 20
    for node in nodes:
        text = [*tree.begun, *tree.token_ids(node.index)]
        seen = text[tree.n_out(node.index) :]
        assert len(seen) <= 16
        fresh = model.next_token(seen)
        mine = tree.look(node.index, PLAIN)
        np.testing.assert_allclose(mine.p_model[np.argsort(mine.ids)], fresh.p_model[np.argsort(fresh.ids)], atol=1e-5)
    before = tree.look(nodes[-1].index, PLAIN).logits.tobytes()
    tree.look(nodes[2].index, PLAIN)
    assert tree.look(nodes[-1].index, PLAIN).logits.tobytes() == before


def test_a_tree_needs_room_and_a_model_that_writes(tiny):
    with pytest.raises(PromptTooLong):
        tree_of(tiny("gpt2"), [1] * 64)


def test_the_cache_is_as_large_as_its_keys_and_values(tiny):
    """Tiny llama: 3 layers · 2 (keys, values) · 2 heads · 8 numbers · 4 bytes = 384 bytes a token."""
    costs = list(step_costs(tiny("llama"), [5, 6, 7], [8, 9]))
    assert [cost.cache_bytes for cost in costs] == [3 * 384, 4 * 384, 5 * 384]
    assert [cost.n_read for cost in costs] == [3, 1, 1]
    assert [cost.n_read_without for cost in costs] == [3, 4, 5]
    assert all(cost.seconds > 0 and cost.seconds_without > 0 for cost in costs)


def test_two_threads_see_one_tree(tiny):
    """Catches: a look from another thread while it is written that moves the cache under the writer."""
    import threading

    model = tiny("gpt2")
    alone = [node.token_id for node in tree_of(model).write(ROOT, DRAWN, 7, Limits(20))]
    tree = tree_of(model)
    looks = threading.Thread(target=lambda: [tree.look(ROOT, PLAIN) for _ in range(40)])
    looks.start()
    assert [node.token_id for node in tree.write(ROOT, DRAWN, 7, Limits(20))] == alone
    looks.join()
    assert sampling.apply(tree.look(ROOT, PLAIN).logits).p_model[0] > 0


@pytest.mark.parametrize("family", ("gpt2", "t5"))
def test_what_is_done_twice_comes_out_the_same(tiny, family):
    """Catches: dice that go on where the first text ended, a path that is read from where the beginning left the cache, one
    pass over another text than the path's."""
    model = tiny(family)
    paths = Paths(model, PROMPT)
    path = tuple(chosen.token_id for chosen in paths.write((), DRAWN, 3, Limits(5)))
    found = done_twice(paths, path, seed=7)
    assert found.is_text_same and found.is_place_same and 0 <= found.difference < 1e-4
    if family == "gpt2":
        assert done_twice(Paths(model, PROMPT, window=len(paths.begun.ids)), path, seed=7).difference is None
    assert N_TOKENS == 8  # the screen says so in words


def test_tokens_that_are_put_there_at_once_are_those_put_there_one_by_one(tiny):
    """Catches: each judged after the beginning alone, or after itself."""
    model = tiny("gpt2")
    one_by_one, at = tree_of(model), ROOT
    for token_id in (50, 60, 70):
        at = one_by_one.take(at, token_id, PLAIN).index
    at_once = tree_of(model)
    last = at_once.add_all(ROOT, at_once.paths.take((), (50, 60, 70), PLAIN))
    assert at_once.token_ids(last) == (50, 60, 70)
    assert [(node.logprob_nats, node.joint_nats, node.rank) for node in at_once.nodes] == [
        (node.logprob_nats, node.joint_nats, node.rank) for node in one_by_one.nodes
    ]


def test_a_tree_begins_with_a_token_that_nobody_chose():
    root = Tree(Begun((1, 2), Window(8))).nodes[ROOT]
    assert (root.token_id, root.piece, root.logprob_nats, root.p_model, root.p_final) == (-1, "", 0.0, 1.0, 1.0)
    assert (root.dice, root.begins, root.ends, root.choices) == (None, 0.0, 1.0, None)
    assert (root.n_read, root.seconds, root.cache_bytes, root.is_end) == (0, 0.0, 0, False)


def test_what_is_kept_of_a_distribution_is_its_head_and_its_sums():
    found = sampling.apply(np.log(np.arange(1, 101, dtype=np.float32)), SamplingSettings(temperature=0.5, top_k=40))
    kept = head_of(found)
    assert (kept.entropy_bits, kept.final_entropy_bits) == (found.entropy_bits, found.final_entropy_bits)
    assert kept.entropy_bits > kept.final_entropy_bits > 0
    assert (kept.n_kept, kept.mass_kept, len(kept.ids)) == (40, found.mass_kept, TOP)


@pytest.mark.parametrize(("limit", "step"), [(1, 1), (3, 1), (8, 2), (1024, 256)])
def test_a_full_window_lets_its_oldest_quarter_go(limit, step):
    assert Window(limit).first_seen(limit) == 0 and Window(limit).first_seen(limit + 1) == step
