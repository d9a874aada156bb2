"""Keys and values of all people together: counted, bounded, forgotten when idle, and had again with the very same bits."""

import gc
import time

from model_backend import SamplingSettings
from model_backend.base.continuation_records import ROOT
from model_backend.writing.held_caches import HeldCaches, held_caches
from model_backend.writing.paths import Paths
from tests.continuing import Continuations
from tests.tiny_models import PROMPT

PLAIN = SamplingSettings()


class Keeper:
    def __init__(self, busy: bool = False) -> None:
        self.is_busy, self.n_forgotten = busy, 0

    def forget(self) -> bool:
        self.n_forgotten += not self.is_busy
        return not self.is_busy


def test_the_longest_unused_give_way_and_a_busy_one_stays():
    """Catches: giving up the newest, counting what has gone, stopping at the first that is busy."""
    held, (a, b, c, d) = HeldCaches(max_bytes=100), (Keeper(), Keeper(busy=True), Keeper(), Keeper())
    for keeper in (a, b, c):
        held.used(keeper, 30)
    held.used(a, 35)  # now b is the longest unused, then c
    assert held.count() == (3, 95)
    held.used(d, 30)
    assert [keeper.n_forgotten for keeper in (a, b, c, d)] == [0, 0, 1, 0] and held.count() == (3, 95)
    held.used(d, 500)  # one alone may be larger than the bound
    assert held.count() == (2, 530) and (a.n_forgotten, d.n_forgotten) == (1, 0)
    del b
    gc.collect()
    assert held.count() == (1, 500)


def test_what_is_idle_is_forgotten_without_anybody_asking():
    held, keeper = HeldCaches(idle_seconds=0.05), Keeper()
    held.used(keeper, 10)
    end = time.monotonic() + 5
    while held.count()[0] and time.monotonic() < end:
        time.sleep(0.02)
    assert keeper.n_forgotten == 1 and held.count() == (0, 0)


def test_a_forgotten_text_is_read_again_with_the_same_bits(tiny):
    """Catches: logits of another place after forgetting, a cache that is counted but not given up."""
    paths = Paths(tiny("llama"), PROMPT)
    tree, reader = Continuations(paths), paths.reader
    n_before, bytes_before = held_caches.count()
    at = ROOT
    for token_id in (50, 60, 70):
        at = tree.take(at, token_id, PLAIN).index
    before = tree.look(at, PLAIN).logits.tobytes()
    n_tokens = len(tree.begun) + 3
    assert held_caches.count() == (n_before + 1, bytes_before + n_tokens * 384)  # see test_continuations
    assert reader.forget() and reader.after((50,)).n_read == len(tree.begun) + 1
    assert tree.look(at, PLAIN).logits.tobytes() == before
