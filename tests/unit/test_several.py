"""Several texts at once against single ones, the measures by hand, and work in the background."""

import math
import threading
import time

import pytest

from model_backend import SamplingSettings
from model_backend.analysis.scoring import logprobs_nats
from model_backend.base.errors import Busy
from model_backend.base.stopping import Limits, Stop
from model_backend.base.writing_records import Sample, best_of, grown_samples, repeated_share, shared_start
from model_backend.serving.background import MAX_RUNNING, start
from model_backend.writing.several import write_several
from tests.tiny_models import PROMPT

HOT = SamplingSettings(temperature=1.5)


def test_side_by_side_each_text_is_what_it_would_be_alone(tiny):
    """Catches: samples that share a cache or their dice."""
    model = tiny("gpt2")
    ways = [(HOT, 1), (SamplingSettings(temperature=0), 1), (HOT, 2)]
    grown = list(write_several(model, PROMPT, ways, Limits(9)))
    assert [step.index for step in grown[:3]] == [0, 1, 2]
    for (settings, seed), sample in zip(ways, grown_samples(grown, 3), strict=True):
        alone = [step.token_id for step in model.generate(PROMPT, settings, 9, seed)]
        assert list(sample.ids) == alone and sample.stop is not None
        assert sample.joint_nats == pytest.approx(logprobs_nats(model, PROMPT, alone).sum(), abs=1e-4)
        assert sample.mean_nats == pytest.approx(sample.joint_nats / len(alone))


def test_the_best_has_the_highest_mean_and_not_the_highest_sum():
    short, long = Sample((1,), (-2.0,)), Sample((1, 2, 3), (-1.0, -1.0, -1.0))
    assert short.joint_nats > long.joint_nats and best_of([short, long]) == 1
    assert best_of([Sample()]) is None and math.isnan(Sample().mean_nats)


def test_a_full_context_ends_a_text_also_where_one_text_may_slide(tiny):
    model = tiny("gpt2")  # 64 places
    grown = write_several(model, [5] * 60, [(HOT, 0)], Limits(40, slides=True))
    (sample,) = grown_samples(grown, 1)
    assert len(sample.ids) == 4 and sample.stop == Stop("context")


@pytest.mark.parametrize(
    ("texts", "n"), [(([1, 2, 3], [1, 2, 4]), 2), (([1, 2], [1, 2]), 2), (([5], [6]), 0), (([1, 2], [1]), 1), ((), 0)]
)
def test_how_far_texts_are_alike(texts, n):
    assert shared_start([Sample(tuple(ids)) for ids in texts]) == n


def test_repeated_pairs_by_hand():
    assert repeated_share([1, 2, 1, 2, 1]) == 0.5  # 12 21 12 21
    assert repeated_share([1, 2, 3]) == 0 and repeated_share([1]) == 0


def test_background_work_stops_at_once_and_when_nobody_looks():
    def endless():
        n = 0
        while True:
            yield (n := n + 1)

    slow = start(endless(), pace_seconds=60)
    began = time.monotonic()
    slow.stop()
    assert slow.wait(2) and time.monotonic() - began < 2 and slow.items == [1]
    left = start(endless(), pace_seconds=0.01, patience_seconds=0.1)
    assert left.wait(5) and left.was_left and not left.is_running


def test_background_work_is_bounded_and_tells_what_went_wrong():
    gate = threading.Event()

    def waiting():
        gate.wait(10)
        yield 1

    runs = [start(waiting()) for _ in range(MAX_RUNNING)]
    with pytest.raises(Busy):
        start(waiting())
    gate.set()
    assert all(run.wait(5) for run in runs)

    def broken():
        yield 1
        raise Busy("no", "later")

    run = start(broken())
    assert run.wait(5) and run.items == [1]
    with pytest.raises(Busy):
        run.watch()
    run.watch()
