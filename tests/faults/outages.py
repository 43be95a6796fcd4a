"""Rows of the failure matrix: all because of which nothing can be read."""

from collections.abc import Mapping

from tests.faults import broken_answers as broken
from tests.faults.row import Outage, Switch
from tests.faults.server import Failure, Line, Server

_TWICE = 2
"""Transient errors are retried once before they are shown."""
_ONCE_A_MINUTE = (63.0, 63.0)


def _outage(
    failure: str,
    sees: str,
    answers: Mapping[str, Failure] | Failure | None = None,
    *,
    begin: Switch | None = None,
    end: Switch | None = None,
    requests: int = 1,
    rests_s: tuple[float, float] = (5.25, 10.5),
    takes_s: float = 0.0,
) -> Outage:
    forms = answers if isinstance(answers, Mapping) else {"": answers} if answers else {}
    grows = rests_s[1] > rests_s[0]
    return Outage(
        failure,
        (f"! {sees}",),
        f"at the next try ({'5 s, 11 s, 21 s, … 1 min' if grows else f'{rests_s[0]:.0f} s'})",
        answers=forms,
        begin=begin,
        end=end,
        requests=requests,
        rests_s=rests_s,
        takes_s=takes_s,
    )


async def refuse(server: Server) -> None:
    """Drop and refuse connections."""
    await server.refuse()


async def listen(server: Server) -> None:
    """Take connections again."""
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
            requests=requests,
            rests_s=rests_s,
        )
        for status, (sees, requests, rests_s) in words.items()
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
    ),
    _outage(
        "an answer that never comes (the stall is shown after 3 s, this after 30 s)",
        "timed out: no answer in time",
        broken.stalled,
        takes_s=30.0,
    ),
    _outage(
        "connections refused",
        "no connection: the host refused",
        begin=refuse,
        end=listen,
        requests=_TWICE,
    ),
    _outage(
        "the name is not found (DNS)",
        "no connection: the host's name is not known",
        begin=_forget_the_name,
        end=_know_the_name,
        requests=_TWICE,
    ),
    _outage(
        "hung up, or reset, before the first word",
        "the connection broke off",
        {
            "hung up": broken.sends(then=Line.hang_up),
            "reset": broken.sends(then=Line.reset),
        },
        requests=_TWICE,
    ),
    _outage(
        "reset in the headers",
        "the connection broke off",
        broken.sends(b"HTTP/1.1 200 OK\r\nContent-Ty", then=Line.reset),
        requests=_TWICE,
    ),
    _outage(
        "reset in the body",
        "the connection broke off",
        broken.reset_in_the_body,
        requests=_TWICE,
    ),
    _outage(
        "a truncated body",
        "the connection broke off: a part of the answer is missing",
        broken.half_a_body,
    ),
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
        requests=2,
    ),
    _outage(
        "a body far too big",
        "answer too large: more than 300,000 bytes (200)",
        broken.endless_body,
        requests=_TWICE,
    ),
    _outage(
        "a redirect to another host",
        f"{_NOT_UNDERSTOOD} an answer, got a redirect (302)",
        broken.says(302, location="https://elsewhere.test/login"),
    ),
]
"""Failures of all requests."""
