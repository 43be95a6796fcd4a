"""The fault matrix: each fault, what is on the screen while it lasts, and how it is recovered from.

The table in README.md is written from here.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.faults import broken_answers as broken
from tests.faults.server import Fault, Line, Server

Switch = Callable[[Server], Awaitable[None]]
"""Begins or ends a fault."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fault, as a person meets it."""

    fault: str
    sees: tuple[str, ...]
    """Words that are on the screen together while it lasts."""
    recovers: str
    """When all is well again after the fault has gone, by itself."""
    answers: Mapping[str, Fault] = field(default_factory=dict)
    """Forms of the fault by name, for those that are answers."""
    begin: Switch | None = None
    end: Switch | None = None
    """How it begins and ends, for those that are not."""

    @property
    def answer(self) -> Fault:
        """The fault itself, where it is an answer that has one form."""
        (only,) = self.answers.values()
        return only


@dataclass(frozen=True, slots=True)
class Outage(Row):
    """A fault because of which nothing can be read."""

    asked: int = 1
    """How many requests a poll costs meanwhile."""
    rests_s: tuple[float, float] = (5.25, 10.5)
    """The rests after the first and the second failed poll."""
    takes_s: float = 0.0
    """How long a poll takes to fail."""


_TWICE = 2
"""What may pass is asked for once more before it is told."""
_ONCE_A_MINUTE = (63.0, 63.0)


def _outage(
    fault: str,
    sees: str,
    answers: Mapping[str, Fault] | Fault | None = None,
    *,
    begin: Switch | None = None,
    end: Switch | None = None,
    asked: int = 1,
    rests_s: tuple[float, float] = (5.25, 10.5),
    takes_s: float = 0.0,
) -> Outage:
    forms = answers if isinstance(answers, Mapping) else {"": answers} if answers else {}
    grows = rests_s[1] > rests_s[0]
    return Outage(
        fault,
        (f"! {sees}", "next try in", "data of"),
        f"at the next try ({'5 s, 11 s, 21 s, … 1 min' if grows else f'{rests_s[0]:.0f} s'})",
        answers=forms,
        begin=begin,
        end=end,
        asked=asked,
        rests_s=rests_s,
        takes_s=takes_s,
    )


async def _refuse(server: Server) -> None:
    await server.refuse()


async def _listen(server: Server) -> None:
    await server.listen()


async def _forget_the_name(server: Server) -> None:
    server.name_is_known = False
    # An open connection needs no name; only a new one does.
    await server.refuse()
    await server.listen()


async def _know_the_name(server: Server) -> None:
    server.name_is_known = True


def _statuses() -> list[Outage]:
    """Statuses, each with JSON, a web page and an empty body."""
    not_offered = "this address does not offer benchmark runs"
    words = {
        400: ("request refused (400)", 1, (5.25, 10.5)),
        401: ("not authorised (401)", 1, _ONCE_A_MINUTE),
        403: ("forbidden (403)", 1, _ONCE_A_MINUTE),
        404: (f"{not_offered} (404)", 2, _ONCE_A_MINUTE),
        409: ("conflict (409)", 1, (5.25, 10.5)),
        410: (f"{not_offered} (410)", 2, _ONCE_A_MINUTE),
        422: ("request refused (422)", 1, (5.25, 10.5)),
        429: ("rate limited (429)", _TWICE, (5.25, 10.5)),
        500: ("server error (500)", _TWICE, (5.25, 10.5)),
        502: ("server error (502)", _TWICE, (5.25, 10.5)),
        503: ("server error (503)", _TWICE, (5.25, 10.5)),
    }
    names = {
        404: "404 of the list, at both places where runs may be",
        410: "410 of the list, at both places where runs may be",
    }
    return [
        _outage(
            names.get(status, f"{status}"),
            sees,
            broken.each_body(status),
            asked=asked,
            rests_s=rests_s,
        )
        for status, (sees, asked, rests_s) in words.items()
    ]


_NOT_UNDERSTOOD = "answer not understood: expected"
_PART = f"{_NOT_UNDERSTOOD} a whole HTTP answer, got something else or a part of one"

OUTAGES = [
    *_statuses(),
    _outage(
        "429 with Retry-After: 30",
        "rate limited (429)",
        broken.says(429, retry_after="30"),
        rests_s=(31.5, 31.5),
    ),
    _outage(
        "503 with Retry-After: a date in 30 s",
        "server error (503)",
        broken.come_back_in(30),
        rests_s=(31.5, 31.5),
    ),
    _outage(
        "429 with Retry-After: 3",
        "rate limited (429)",
        broken.says(429, retry_after="3"),
        asked=_TWICE,
    ),
    _outage(
        "an answer that never comes",
        "timed out: no answer in time",
        broken.silent,
        takes_s=30.0,
    ),
    _outage(
        "connections refused",
        "no connection: the host refused",
        begin=_refuse,
        end=_listen,
        asked=_TWICE,
    ),
    _outage(
        "the name is not found (DNS)",
        "no connection: the host's name is not known",
        begin=_forget_the_name,
        end=_know_the_name,
        asked=_TWICE,
    ),
    _outage(
        "hung up, or reset, before the first word",
        "no connection: the connection broke",
        {
            "hung up": broken.sends(then=Line.hang_up),
            "reset": broken.sends(then=Line.reset),
        },
        asked=_TWICE,
    ),
    _outage(
        "reset in the headers",
        "no connection: the connection broke",
        broken.sends(b"HTTP/1.1 200 OK\r\nContent-Ty", then=Line.reset),
        asked=_TWICE,
    ),
    _outage(
        "reset in the body",
        "no connection: the connection broke",
        broken.reset_in_the_body,
        asked=_TWICE,
    ),
    _outage("a truncated body", _PART, broken.half_a_body),
    _outage(
        "something that is not HTTP",
        _PART,
        broken.sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", then=Line.hang_up),
    ),
    _outage(
        "wrong gzip",
        f"{_NOT_UNDERSTOOD} a body that can be decoded, got a damaged one",
        broken.wrong_gzip,
    ),
    _outage(
        "wrong JSON",
        f"{_NOT_UNDERSTOOD} JSON, got something else (200)",
        broken.says(200, b'{"runs": [{"id": "bmr_1", '),
    ),
    _outage(
        "an empty body",
        f"{_NOT_UNDERSTOOD} JSON, got an empty answer (200)",
        broken.says(200),
    ),
    _outage(
        "a web page with status 200",
        f"{_NOT_UNDERSTOOD} JSON, got a web page (200)",
        broken.says(200, b"<!doctype html><title>Sign in</title>", "text/html"),
    ),
    _outage(
        "right JSON of a wrong shape",
        f'{_NOT_UNDERSTOOD} a list of benchmark runs under "runs"',
        {
            "another name": broken.says(200, b'{"data": [], "has_more": false}'),
            "no list": broken.says(200, b'{"runs": {"bmr_1": {}}, "has_more": false}'),
            "no object": broken.says(200, b'[{"id": "bmr_1"}]'),
        },
    ),
    _outage(
        "a page that repeats for ever",
        f"{_NOT_UNDERSTOOD} the next page, got one that was there before",
        broken.repeats_the_first_page(),
        asked=2,
    ),
    _outage(
        "a body far too big",
        f"{_NOT_UNDERSTOOD} at most 300,000 bytes of JSON, got more (200)",
        broken.endless_body,
    ),
    _outage(
        "a redirect to another host",
        f"{_NOT_UNDERSTOOD} an answer, got a redirect (302)",
        broken.says(302, location="https://elsewhere.test/login"),
    ),
]
"""Faults of everything that is asked."""

_NEXT_POLL = "at the next poll (5 s)"

AT_THE_START = Row(
    "any of these before the first answer",
    ("connecting…", "! server error (500)", "no data yet"),
    "at the next try (5 s, 11 s, 21 s, … 1 min)",
    answers={"": broken.says(500)},
)
SLOW = Row(
    "answers that take 12 s each",
    ("no answer for", "data of"),
    "when they come",
    answers={"": broken.slow(12.0)},
)
ONE_BAD_ITEM = Row(
    "one bad item among good ones",
    ("fresh", "a benchmark run that is no object not understood, and 2 more"),
    "12 polls after the last one (1 min); the others are fresh all the while",
    answers={"": broken.spoils_lists()},
)
ONE_RUN_UNREADABLE = Row(
    "the scenario runs of one run cannot be read (500)",
    ("! the scenario runs of a run: server error (500)", "next try in", "data of"),
    "within 12 polls (1 min); the list is fresh all the while",
    answers={"": broken.no_scenario_runs()},
)
ONE_RUN_GONE = Row(
    "404 of one run",
    ("? gone", "fresh"),
    _NEXT_POLL,
)
OLD_DATA = Row(
    "a server that serves old data after new",
    ("✓ completed", "fresh"),
    "what has ended stays ended",
)
CLOCKS_DIFFER = Row(
    "a clock that is hours off",
    ("fresh", "11m ago"),
    "elapsed times and clock times are the server's from the first answer on",
)
CLOCK_SET = Row(
    "a clock that is set, by hours, while the app runs",
    ("fresh", "11m ago"),
    _NEXT_POLL,
)
SLEPT = Row(
    "a laptop that slept for an hour",
    ("next try now", "1h 00m old"),
    "a second after it wakes",
)
LOST_BUT_DONE = Row(
    "a cancel whose answer is lost, though it was done",
    ("alpha has ended: canceled. The answer was lost, but a fresh look says so.",),
    "at once, by looking; it is sent once",
    answers={"": broken.loses_answers_to_actions()},
)
LOST_AND_OUT_OF_SIGHT = Row(
    "a cancel whose answer is lost, and no look is possible",
    (
        "alpha: it is unknown whether it was canceled (no connection: the connection broke).",
        "It could not be looked at either. Look again before you repeat this.",
    ),
    "at the next try, which tells: alpha has ended: canceled",
    answers={"": broken.loses_all_answers},
)
PRESSED_TWICE = Row(
    "a cancel that is asked for twice",
    ("alpha: this is under way already; nothing was sent again.",),
    "it is sent once",
    answers={"": broken.slow_actions(4.0)},
)
CUT_OFF = Row(
    "a cancel during an outage",
    (
        "alpha was not canceled: no connection: the host refused. Nothing was sent.",
        "Check the network and the base address (RUNLOOP_BASE_URL).",
    ),
    "as soon as a look succeeds, whatever the status line still says",
    begin=_refuse,
    end=_listen,
)
ENDED_MEANWHILE = Row(
    "a cancel of a run that ended meanwhile",
    (
        "alpha was not canceled: request refused (400)",
        "It has ended already: completed.",
    ),
    "at once, by looking; asked for again, nothing is sent",
)

ROWS = [
    *OUTAGES,
    AT_THE_START,
    SLOW,
    ONE_BAD_ITEM,
    ONE_RUN_UNREADABLE,
    ONE_RUN_GONE,
    OLD_DATA,
    CLOCKS_DIFFER,
    CLOCK_SET,
    SLEPT,
    LOST_BUT_DONE,
    LOST_AND_OUT_OF_SIGHT,
    PRESSED_TWICE,
    CUT_OFF,
    ENDED_MEANWHILE,
]
"""The whole matrix."""
