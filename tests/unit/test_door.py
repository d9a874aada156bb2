"""Questions and the desk: what is asked is answered as the model itself answers, once, here or in another process."""

import os
import pickle
import socket
import threading
from itertools import count
from multiprocessing.connection import Client, Listener

import numpy as np
import pytest

from model_backend import BackendError, ModelUnavailable, open_model
from model_backend.base.records import Prompt
from model_backend.serving import asking
from model_backend.serving.asking import of_model, of_nothing, of_trace, question_of
from model_backend.serving.desk import Desk
from model_backend.serving.questions.inside import anatomy
from model_backend.serving.questions.reading import attention, next_token, read, tokenized
from model_backend.serving.queueing import Asker
from model_backend.serving.remote import RemoteDesk, _send_at_once, serve

NAME = "bundled/storyteller"
DOG = Prompt("The dog's bark was")
KEY = os.urandom(16)


@pytest.fixture(scope="module")
def model():
    return open_model(NAME)


@pytest.fixture(scope="module")
def here():
    return Desk()


@pytest.fixture(scope="module")
def served():
    """(a desk, the address at which a thread answers for it), as another process would."""
    desk, ready = Desk(), threading.Event()
    address = ("127.0.0.1", _free_port())
    threading.Thread(target=serve, args=(desk, address, KEY, ready), daemon=True).start()
    assert ready.wait(10)
    return desk, address


@pytest.fixture(scope="module", params=["here", "there"])
def desk(request, here, served):
    return here if request.param == "here" else RemoteDesk(served[1], KEY)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@of_model()
def nothing_found(model):
    """An answer that is None."""
    COMPUTED.append("nothing")


@of_model()
def refused(model, name):
    """What a person can cause."""
    raise ModelUnavailable("There is no {name}.", "Take another.", reason="unknown", name=name)


@of_model(is_kept=False)
def counted(model, n):
    """Bit by bit, for ever where n is None."""
    try:
        yield from range(n) if n is not None else count()
    finally:
        ENDED.set()


@of_trace()
def held_up(trace, who):
    """Something that takes as long as the gate is shut."""
    BEGUN.set()
    assert GATE.wait(60)
    return who


@of_nothing()
def twice(n, of=2):
    """No model needed."""
    return n * of


COMPUTED: list[str] = []
ENDED, BEGUN, GATE = threading.Event(), threading.Event(), threading.Event()


def test_answers_are_the_models_own(desk, model):
    trace = model.trace(DOG.text)
    answer = desk.answer(next_token, next_token.arguments(NAME, DOG))
    np.testing.assert_array_equal(answer.ids, trace.next_token().ids)
    np.testing.assert_allclose(answer.p_model, trace.next_token().p_model, atol=1e-6)
    weights = desk.answer(attention, attention.arguments(NAME, DOG, 2, 1))
    np.testing.assert_allclose(weights, trace.attention(2, 1), atol=1e-6)
    assert desk.answer(tokenized, (NAME, DOG.text)).pieces == model.tokenize(DOG.text).pieces
    assert desk.answer(anatomy, (NAME,)).n_parameters == sum(p.numel() for p in model.network.parameters())
    assert desk.answer(twice, twice.arguments(3)) == 6 and desk.answer(twice, twice.arguments(3, of=5)) == 15


def test_a_translator_translates_by_itself_or_reads_what_it_is_given(desk):
    interpreter = open_model("bundled/interpreter")
    source = interpreter.tokenize(">>fra<< The dog sleeps.")
    own = [step.token_id for step in interpreter.generate(source, asking_greedy(), 40)]
    tokens, target = desk.answer(read, ("bundled/interpreter", Prompt(">>fra<< The dog sleeps.")))
    assert tokens.ids.tolist() == source.ids.tolist() and target.ids.tolist()[1:] == own
    _, given = desk.answer(read, ("bundled/interpreter", Prompt(">>fra<< The dog sleeps.", target="Le chien")))
    assert given.ids.tolist() == interpreter.tokenize_target("Le chien").ids.tolist()
    _, ids = desk.answer(read, ("bundled/interpreter", Prompt(">>fra<< The dog sleeps.", target=tuple(own[:2]))))
    assert ids.ids.tolist()[1:] == own[:2]


def asking_greedy():
    from model_backend import SamplingSettings

    return SamplingSettings(temperature=0)


def test_hidden_words_are_hidden(desk):
    cloze = open_model("bundled/cloze")
    tokens, _ = desk.answer(read, ("bundled/cloze", Prompt("The dog barks.", masked=(2,))))
    assert tokens.ids[2] == cloze.mask_id != cloze.tokenize("The dog barks.").ids[2]


def test_the_face_holds_no_weights_and_cuts_like_the_model(desk, model):
    face = desk.open(NAME)
    assert face.info.n_parameters == model.info.n_parameters and not hasattr(face, "network")
    assert face.tokenize("naïve 狗").ids.tolist() == model.tokenize("naïve 狗").ids.tolist()
    assert face.piece(300) == model.piece(300) and face.end_ids == model.end_ids
    assert desk.info_if_open(NAME).name == NAME and desk.info_if_open("bundled/nobody") is None


def test_an_answer_that_is_none_is_kept_too(here):
    COMPUTED.clear()
    assert [here.answer(nothing_found, (NAME,)) for _ in range(3)] == [None] * 3 and COMPUTED == ["nothing"]


def test_defaults_and_names_make_no_other_key():
    """Catches: one answer computed twice because one screen wrote a default out."""
    assert next_token.arguments(NAME, DOG) == next_token.arguments(NAME, DOG, -1) == (NAME, DOG, -1, None)
    assert next_token.arguments(NAME, DOG, position=3) == (NAME, DOG, 3, None)
    assert twice.arguments(3) == twice.arguments(3)
    with pytest.raises(TypeError):
        next_token.arguments(NAME, DOG, place=3)
    with pytest.raises(TypeError, match="by place"):
        of_nothing()(lambda *, n: n)


def test_two_questions_of_one_name_in_two_modules_are_two():
    """Catches: a key that is the bare name of the function."""
    names = {question.name for question in asking._by_name.values()}
    assert len(names) == len(asking._by_name) and all("." in name for name in names)
    assert next_token.name == "model_backend.serving.questions.reading.next_token"


def test_a_question_travels_by_its_name_and_nothing_else_does():
    assert pickle.loads(pickle.dumps(next_token)) is next_token
    with pytest.raises(KeyError):
        question_of("os.system")


def test_what_a_person_can_cause_comes_back_in_its_own_words(desk):
    with pytest.raises(ModelUnavailable) as error:
        desk.answer(refused, (NAME, "unicorn"))
    assert error.value.message == "There is no unicorn." and error.value.hint == "Take another."
    assert error.value.message.template == "There is no {name}." and error.value.details["reason"] == "unknown"
    with pytest.raises(BackendError):
        desk.open("no such/model")


def test_what_is_not_offered_is_refused_even_where_it_is_open():
    def offered(name):
        if name in closed:
            raise ModelUnavailable("no", reason="not_offered")

    closed = set()
    desk = Desk(offered)
    desk.open(NAME)
    closed.add(NAME)
    for ask in (
        lambda: desk.open(NAME),
        lambda: desk.answer(tokenized, (NAME, "a")),
        lambda: desk.answer(next_token, next_token.arguments(NAME, DOG)),
        lambda: list(desk.steps(counted, (NAME, 3))),
    ):
        with pytest.raises(ModelUnavailable):
            ask()


def test_steps_come_one_by_one_and_end_when_nobody_takes_them(desk):
    ENDED.clear()
    assert list(desk.steps(counted, (NAME, 3))) == [0, 1, 2] and ENDED.wait(60)
    ENDED.clear()
    endless = desk.steps(counted, (NAME, None))
    assert [next(endless) for _ in range(3)] == [0, 1, 2]
    endless.close()
    assert ENDED.wait(60)


def test_who_waits_hears_her_place_and_may_leave(request, desk):
    """The same line, whichever process asks: who leaves stands in it no longer."""

    class Left(Exception):
        pass

    heard, me = [], request.node.name  # what was answered before is kept

    def listen(place):
        heard.append(place)
        raise Left

    BEGUN.clear()
    GATE.clear()
    first = threading.Thread(target=lambda: desk.answer(held_up, (NAME, DOG, f"first {me}"), Asker("first")))
    first.start()
    assert BEGUN.wait(60)
    with pytest.raises(Left):
        desk.answer(held_up, (NAME, DOG, f"second {me}"), Asker("second", listen))
    assert heard == [1]
    GATE.set()
    first.join(60)
    assert desk.answer(held_up, (NAME, DOG, f"third {me}"), Asker("second")) == f"third {me}"


def test_a_stranger_is_not_answered(served):
    with pytest.raises(BackendError, match="does not answer"):
        RemoteDesk(served[1], b"another key").open(NAME)
    assert RemoteDesk(served[1], KEY).answer(twice, (2, 2)) == 4  # and the others still are


def test_where_nobody_listens_it_is_said():
    with pytest.raises(BackendError, match="does not answer"):
        RemoteDesk(("127.0.0.1", _free_port()), KEY).open(NAME)


def test_a_connection_does_not_hold_messages_back():
    """Catches: 40 ms a call, the wait of the second of two messages for an acknowledgement."""
    with (
        Listener(("127.0.0.1", 0)) as listener,
        Client(listener.address) as connection,
        listener.accept(),
        socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as end,
    ):
        assert not end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        _send_at_once(connection)
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
