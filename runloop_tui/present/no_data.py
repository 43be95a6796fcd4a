"""The screen without data: the error, the request, and what to do about it; or that the account has no runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.errors import (
    Forbidden,
    NoConnection,
    NotAuthorised,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.api.paths import CURRENT_RUNS_PATH, OLDER_RUNS_PATH
from runloop_tui.present.errors import next_try_words, server_words
from runloop_tui.present.layout import LABEL_WIDTH, Line, Piece, cut_line, labelled
from runloop_tui.present.text import cut, safe

if TYPE_CHECKING:
    from runloop_tui.monitor.health import Health

_LONGEST_HOST = 40
_LONGEST_ADDRESS = 160

_BY_ITSELF = "It is tried again by itself; there is no need to stay."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The base address and where address and key were configured. It holds no secret."""

    address: str
    """The base address."""
    address_source: str
    """The flag or environment variable that set the address; "" for the default."""
    key_source: str
    """The flag or environment variable that set the key."""

    @property
    def host(self) -> str:
        """The host as a safe text."""
        return cut(safe(self.address.partition("://")[2].partition("/")[0]), _LONGEST_HOST)


class _Words(NamedTuple):
    """The title, steps and commands for one kind of error."""

    title: str
    steps: tuple[str, ...]
    commands: tuple[str, ...] = ()


def no_data_lines(health: "Health", endpoint: Endpoint, now_ms: int, width: int) -> list[Line]:
    """Return why nothing was read so far; no lines while the first request is neither failed nor late."""
    error = health.failure.error if health.failure is not None else None
    if error is None and health.stalled_since_ms is None:
        return []
    words = _words_of(error, endpoint)
    return [
        cut_line(line, width) for line in _no_data(words, error, health, endpoint, now_ms, width)
    ]


def empty_account_lines(endpoint: Endpoint, width: int, *, read_only: bool) -> list[Line]:
    """Return that the account has no runs, and how to start one."""
    steps = ["Runs that are started elsewhere appear here by themselves."]
    if not read_only:
        steps.insert(0, "Press N to start one, from a form.")
    steps.append("If there should be some, the key may belong to another account.")
    lines = [
        (Piece("There are no benchmark runs yet", "strong"),),
        (),
        *labelled("asked", f"{_runs_url(endpoint)}: the account of this key has none.", width),
        (),
        *_listed("what to do", steps, width),
        (),
        _keys(width, "r asks now", *(() if read_only else ("N starts a run",)), "b shows the jobs"),
    ]
    return [cut_line(line, width) for line in lines]


def _no_data(
    words: _Words,
    error: RunloopError | None,
    health: "Health",
    endpoint: Endpoint,
    now_ms: int,
    width: int,
) -> Iterator[Line]:
    yield (Piece(words.title, "bad"),)
    yield ()
    if error is not None:
        yield from labelled("what", safe(error.seen), width, "strong")
        if message := server_words(error):
            yield from labelled("", f"The server says: {message}", width)
    yield from labelled("tried", f"GET {_runs_url(endpoint)}", width)
    if isinstance(error, NotOffered):
        yield from labelled("", f"and {OLDER_RUNS_PATH}, as older servers have it", width)
    if not isinstance(error, NoConnection):
        yield from labelled("", f"with the key of {endpoint.key_source}", width)
    yield from labelled("", next_try_words(health, now_ms), width, "muted")
    yield ()
    yield from _listed("what to do", words.steps, width)
    for command in words.commands:
        yield (Piece(" " * (LABEL_WIDTH + 4)), Piece(command, "accent"))
    yield ()
    yield _keys(width, "r tries again now")


def _runs_url(endpoint: Endpoint) -> str:
    """Return the URL of the list of runs, as a safe text."""
    return cut(safe(f"{endpoint.address}{CURRENT_RUNS_PATH}"), _LONGEST_ADDRESS)


def _listed(label: str, steps: "list[str] | tuple[str, ...]", width: int) -> Iterator[Line]:
    """Yield the steps, one below the other, beside a label."""
    for index, step in enumerate(steps):
        yield from labelled(label if index == 0 else "", step, width)


def _keys(width: int, *keys: str) -> Line:
    pieces: list[Piece] = []
    for number, words in enumerate((*keys, "? help", "q quits")):
        key, _, does = words.partition(" ")
        pieces += [Piece(" · " if number else "", "muted"), Piece(key, "title")]
        pieces.append(Piece(f" {does}", "muted"))
    return cut_line(tuple(pieces), width)


def _words_of(error: RunloopError | None, endpoint: Endpoint) -> _Words:
    """Return the title and the steps for an error; None is a request that is late."""
    host = endpoint.host or "the server"
    match error:
        case NotAuthorised():
            return _Words("The API key was refused", *_another_key(endpoint))
        case Forbidden():
            (_, step), commands = _another_key(endpoint)
            allowed = "Have reading benchmark runs allowed to this key, or make another."
            return _Words("The API key may not read benchmark runs", (allowed, step), commands)
        case NotOffered():
            return _Words(
                "There are no benchmark runs at this address",
                (error.advice, *_another_address(endpoint)),
                ("runloop-tui --base-url https://api.runloop.ai",)
                if endpoint.address_source
                else (),
            )
        case NotUnderstood():
            page = "A sign-in page or a proxy may have answered in its place."
            return _Words(
                f"{host} does not answer as Runloop does",
                (error.advice, page, *_another_address(endpoint)),
            )
        case NoConnection() if "certificate" in error.because or "secure" in error.because:
            return _Words(
                f"{host} cannot be trusted",
                (
                    "Where your network has a certificate authority of its own, name its file, and start again:",
                ),
                ("export SSL_CERT_FILE=/path/to/ca.pem", "runloop-tui"),
            )
        case NoConnection():
            proxy = "Where only a proxy leads out, set HTTPS_PROXY and start again."
            return _Words(
                f"{host} cannot be reached", (error.advice, *_another_address(endpoint), proxy)
            )
        case None:
            return _Words(f"{host} has not answered yet", ("Wait a little.", _BY_ITSELF))
        case TimedOut():
            return _Words(f"{host} does not answer in time", (error.advice, _BY_ITSELF))
        case ServerError():
            return _Words(f"The server at {host} fails", (error.advice, _BY_ITSELF))
        case RateLimited():
            return _Words(f"{host} takes no more requests for now", (error.advice, _BY_ITSELF))
    return _Words("The runs cannot be read", (error.advice, _BY_ITSELF))


def _another_key(endpoint: Endpoint) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Return the steps and commands for another key."""
    made = "Keys are made on the web page of your account; each belongs to one account and server."
    if endpoint.key_source == "--api-key-file":
        return (made, "Put the right one into the key file, and start again:"), (
            "runloop-tui --api-key-file PATH",
        )
    return (made, "Set the right one, and start again:"), (
        "export RUNLOOP_API_KEY=…",
        "runloop-tui",
    )


def _another_address(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the step that names what set the address; empty for the default."""
    if not endpoint.address_source:
        return ()
    return (f"The address was given by {endpoint.address_source}.",)
