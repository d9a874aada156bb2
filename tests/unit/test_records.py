"""Every record of the backend, with any numbers in it: its arrays are read-only, it survives a pickle (records cross processes),
and it refuses an array of another shape by its name."""

import importlib
import inspect
import pickle
import pkgutil
import re
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model_backend import base
from model_backend.base import records
from model_backend.base.records import FrozenArrays, Step

MODULES = [importlib.import_module(f"{base.__name__}.{m.name}") for m in pkgutil.iter_modules(base.__path__)]
RECORDS = sorted(
    {
        kind for module in MODULES for kind in vars(module).values()
        if inspect.isclass(kind) and is_dataclass(kind) and kind.__module__ == module.__name__
    } - {FrozenArrays, Step},  # a Step holds work that was put off, which stays where it is
    key=lambda kind: (kind.__module__, kind.__qualname__),
)  # fmt: skip
# arrays that others take their sizes from, and how many dimensions they have; else an array has one
RANKS = {
    ("LensTable", "top_ids"): 3, ("HeadStatistics", "entropy_bits"): 2, ("HeadThumbnails", "pixels"): 4, ("HeadSteps", "key"): 2,
    ("Neurons", "promoted"): 2, ("Lattice", "top_ids"): 2, ("LogitAttribution", "heads"): 2, ("LogitAttribution", "cross_heads"): 2,
}  # fmt: skip
DEMAND = re.compile(r"(\w+) should be \[.*\] = \[(.*)\], but is")  # what require_shape says
any_record = pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
with_any_numbers = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def array_of(draw, shape: tuple[int, ...]) -> np.ndarray:
    return draw(arrays(draw(st.sampled_from([np.float32, np.int64, np.bool_])), shape))


def value_of(draw, kind: type, hint: object, name: str, n: int) -> object:
    """A value for one field: arrays and lists have n entries where nothing else is known."""
    if hint is np.ndarray:
        return array_of(
            draw,
            tuple(draw(st.integers(0, 3)) for _ in range(rank)) if (rank := RANKS.get((kind.__name__, name))) else (n,),
        )
    if inspect.isclass(hint) and is_dataclass(hint):
        return draw(any_of(hint))
    if get_origin(hint) is UnionType and any(is_dataclass(part) for part in get_args(hint)):  # a record or none
        part = draw(st.sampled_from(get_args(hint)))
        return None if part is type(None) else value_of(draw, kind, part, name, n)
    if get_origin(hint) is tuple and get_args(hint)[-1] is Ellipsis:
        return tuple(value_of(draw, kind, get_args(hint)[0], name, n) for _ in range(n))
    return draw(st.from_type(hint))


@st.composite
def any_of(draw, kind: type) -> object:
    """A record of that kind; where it demands another shape of an array, the array gets it."""
    n, hints = draw(st.integers(0, 3)), get_type_hints(kind)
    values = {field.name: value_of(draw, kind, hints[field.name], field.name, n) for field in fields(kind)}
    for _ in values:
        try:
            return kind(**values)
        except ValueError as error:
            demand = DEMAND.fullmatch(str(error).partition(", but is")[0] + ", but is")
            if demand is None:
                raise
            values[demand[1]] = array_of(draw, tuple(int(size) for size in demand[2].split(",") if size))
    return kind(**values)


def differences(a: object, b: object, path: str = "") -> list[str]:
    """Where two values differ, nested records and arrays included; nan equals nan. An array that can be written differs too."""
    if type(a) is not type(b):
        return [f"{path}: {type(a)} {type(b)}"]
    if is_dataclass(a):
        return [
            found
            for f in fields(a)
            for found in differences(getattr(a, f.name), getattr(b, f.name), f"{path}.{f.name}")
        ]
    if isinstance(a, dict):
        a, b = tuple(a.items()), tuple(b.items())
    if isinstance(a, tuple | list):
        same_length = [] if len(a) == len(b) else [f"{path}: {len(a)} {len(b)}"]
        return same_length + [
            found for i, pair in enumerate(zip(a, b, strict=False)) for found in differences(*pair, f"{path}[{i}]")
        ]
    if isinstance(a, np.ndarray):
        is_same = a.dtype == b.dtype and a.tobytes() == b.tobytes() and a.shape == b.shape
        return [] if is_same and not a.flags.writeable and not b.flags.writeable else [f"{path}: {a} {b}"]
    return [] if a == b or (a != a and b != b) else [f"{path}: {a!r} {b!r}"]


@any_record
@with_any_numbers
@given(data=st.data())
def test_a_record_is_read_only_and_survives_a_pickle(kind, data):
    """Catches: arrays that can be written, here or where they arrive; a field that is left behind."""
    record = data.draw(any_of(kind))
    assert differences(record, pickle.loads(pickle.dumps(record))) == []


CHECKED = [kind for kind in RECORDS if "require_shape" in inspect.getsource(kind)]


def dimension_words(kind: type) -> set[str]:
    """What the documentation of a record calls its dimensions: in brackets, and in the list of its module."""
    documented = f"{inspect.getdoc(importlib.import_module(kind.__module__))} {inspect.getdoc(kind)}"
    lists = re.findall(r"imension words[^:]*: ([^.]*)\.", f"{inspect.getdoc(records)} {documented}")
    return set(re.findall(r"\w+", " ".join([*lists, *re.findall(r"\[([^]]*)\]", documented)])))


@pytest.mark.parametrize("kind", CHECKED, ids=lambda kind: kind.__name__)
@with_any_numbers
@given(data=st.data())
def test_an_array_with_a_dimension_too_many_is_refused(kind, data):
    """Catches: a check that was forgotten, or that compares an array with itself; a message that names what nobody explains."""
    record = data.draw(any_of(kind))
    name = data.draw(st.sampled_from([name for name, hint in get_type_hints(kind).items() if hint is np.ndarray]))
    values = {field.name: getattr(record, field.name) for field in fields(kind)}
    with pytest.raises(ValueError) as raised:
        kind(**values | {name: values[name][..., None]})
    if (demand := re.match(r"(\w+) should be \[(.*)\] = \[(.*)\], but is \[", str(raised.value))) is not None:
        named, sizes = demand[2].replace(" + 1", "").split(), [size for size in demand[3].split(",") if size]
        assert demand[1] in values
        assert demand[1] != name or len(named) == len(sizes)  # else the one that is wrong says how many
        assert set(named) <= dimension_words(kind)
