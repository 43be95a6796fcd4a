"""What the log file keeps of httpcore's lines."""

import logging

import pytest

from runloop_tui.log_file import RedactingFormatter


@pytest.mark.parametrize(
    ("name", "message", "left"),
    [
        (
            "httpcore.http11",
            "receive_response_headers.complete return_value=(b'HTTP/1.1', [(b'Set-Cookie', b's')])",
            "receive_response_headers.complete",
        ),
        (
            "httpcore.http11",
            "receive_response_headers.failed exception=RemoteProtocolError('illegal header: s')",
            "receive_response_headers.failed",
        ),
        ("httpcore.http2", "send_request_headers.started request=<Request [b'GET']>", None),
        ("httpcore.connection", "connect_tcp.started host='127.0.0.1' port=80", "as it is"),
        ("httpx", 'HTTP Request: GET http://127.0.0.1/v1 "HTTP/1.1 200 OK"', "as it is"),
        ("runloop_tui.ui.app", "poll failed: %s", "as it is"),
    ],
)
def test_only_the_event_of_a_httpcore_line_is_kept(
    name: str, message: str, left: str | None
) -> None:
    record = logging.LogRecord(name, logging.DEBUG, "", 0, message, (), None)

    reported = RedactingFormatter("%(message)s").format(record)

    assert reported == (message if left == "as it is" else left or message.partition(" ")[0])
    assert record.getMessage() == message, "other handlers see the line as it was"
