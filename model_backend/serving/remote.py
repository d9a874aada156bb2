"""The same desk in another process: questions and records travel as pickles over a connection that both ends have a key for.

    serve(desk, ("127.0.0.1", 8600), key)       in the process that has the models
    RemoteDesk(("127.0.0.1", 8600), key)        in the process that draws the screens

One connection is one call, and its thread on the other side is the asker's: it stands in the line for her, and leaves it when
the connection ends. What is said back is a pair: ("place", n), ("progress", LoadingProgress), ("item", x), ("end", x) or
("error", BackendError). Steps are taken one at a time, as they are asked for.

A pickle can run code, so the key (an HMAC of the connection's challenge, see multiprocessing.connection) is as good as the
right to run programs there: it belongs to the two processes alone.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from model_backend.base.errors import BackendError
from model_backend.base.progress import Listener as ProgressListener
from model_backend.base.records import MachineMemory, ModelInfo
from model_backend.serving.asking import Question
from model_backend.serving.choosing import Choice
from model_backend.serving.desk import Desk
from model_backend.serving.queueing import NOBODY, Asker
from model_backend.tokens.face import ModelFace

Address = tuple[str, int]
KEY_VARIABLE = "TOKENSCOPE_BACKEND_KEY"  # the environment variable that holds the key
MAX_FACES = 8
_GONE = (EOFError, OSError)


class RemoteDesk:
    """A Desk whose models are in another process; the same calls, the same records, the same errors."""

    def __init__(self, address: Address, key: bytes) -> None:
        self._address, self._key = address, key
        self._faces: dict[str, ModelFace] = {}  # a vocabulary is megabytes: it comes once

    def open(self, name: str, listener: ProgressListener | None = None) -> ModelFace:
        """As Desk.open."""
        known = self._faces.get(name)
        face: ModelFace | None = self._call("open", (name, known is not None), heard={"progress": listener})
        if face is None:
            assert known is not None  # the other side leaves out only what this one has
            return known
        while len(self._faces) >= MAX_FACES:
            self._faces.pop(next(iter(self._faces)), None)
        self._faces[name] = face
        return face

    def info_if_open(self, name: str) -> ModelInfo | None:
        """As Desk.info_if_open."""
        return self._call("info_if_open", (name,))

    def choices(self) -> tuple[list[Choice], list[Choice]]:
        """As Desk.choices."""
        return self._call("choices", ())

    def memory(self) -> MachineMemory:
        """As Desk.memory."""
        return self._call("memory", ())

    def answer(self, question: Question, arguments: tuple, asker: Asker = NOBODY) -> object:
        """As Desk.answer."""
        return self._call("answer", (question, arguments, asker.person), heard={"place": asker.listener})

    def steps(self, question: Question, arguments: tuple, asker: Asker = NOBODY) -> Iterator:
        """As Desk.steps."""
        with self._calling("steps", (question, arguments, asker.person)) as connection:
            while True:
                word, said = _heard(connection)
                if word == "item":
                    yield said
                    connection.send("next")
                elif word == "error":
                    raise said
                elif word == "end":
                    return

    def _call(self, name: str, arguments: tuple, heard: dict | None = None) -> Any:
        with self._calling(name, arguments) as connection:
            while True:
                word, said = _heard(connection)
                if word == "error":
                    raise said
                if word == "end":
                    return said
                listener = (heard or {}).get(word)
                if listener is not None:
                    listener(said)  # it may raise to leave: then the connection ends, and with it the place in the line

    @contextmanager
    def _calling(self, name: str, arguments: tuple) -> Iterator[Any]:
        try:
            connection = Client(self._address, authkey=self._key)
        except (*_GONE, AuthenticationError) as error:
            raise _no_answer() from error
        with connection:
            _send_at_once(connection)
            connection.send((name, arguments))
            yield connection


def _send_at_once(connection: Any) -> None:
    """By default TCP holds the second of two messages back until the first is acknowledged: 40 ms a call (Nagle, RFC 896)."""
    with socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _heard(connection: Any) -> tuple[str, Any]:
    try:
        return connection.recv()
    except _GONE as error:
        raise _no_answer() from error


def _no_answer() -> BackendError:
    return BackendError(
        "The process that holds the models does not answer.",
        "Try again in a moment; whoever runs this server can look whether it is running.",
    )


def serve(desk: Desk, address: Address, key: bytes, ready: threading.Event | None = None) -> None:
    """Answer at that address until the process ends, each call in a thread of its own."""
    with Listener(address, authkey=key, backlog=64) as listener:
        if ready is not None:
            ready.set()
        while True:
            try:
                connection = listener.accept()
            except Exception:  # a stranger without the key, or one who left: the next may be right
                continue
            threading.Thread(target=_serve_one, args=(desk, connection), daemon=True).start()


def _serve_one(desk: Desk, connection: Connection) -> None:
    with connection, suppress(*_GONE):
        _send_at_once(connection)
        name, arguments = connection.recv()
        try:
            connection.send(("end", _CALLS[name](desk, connection, *arguments)))
        except _GONE:
            raise
        except (
            Exception
        ) as error:  # a BackendError is for the person; another one surfaces at the screen as it would here
            connection.send(("error", error))


def _open(desk: Desk, connection: Connection, name: str, is_known: bool) -> ModelFace | None:
    face = desk.open(name, lambda now: connection.send(("progress", now)))
    return None if is_known else face


def _answer(desk: Desk, connection: Connection, question: Question, arguments: tuple, person) -> object:
    return desk.answer(question, arguments, Asker(person, lambda place: connection.send(("place", place))))


def _steps(desk: Desk, connection: Connection, question: Question, arguments: tuple, person) -> None:
    for item in desk.steps(question, arguments, Asker(person)):
        connection.send(("item", item))
        connection.recv()  # "next"; a closed connection ends it here


_CALLS = {
    "open": _open,
    "answer": _answer,
    "steps": _steps,
    "info_if_open": lambda desk, connection, name: desk.info_if_open(name),
    "choices": lambda desk, connection: desk.choices(),
    "memory": lambda desk, connection: desk.memory(),
}
