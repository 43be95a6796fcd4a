"""The log lines of a devbox."""

import pytest

from runloop_tui.api.errors import NotFound, NotUnderstood
from runloop_tui.api.models import DevboxLog
from tests.api.scripted import NOW_MS, Script, answer, ok


async def test_all_lines_come_in_the_servers_order() -> None:
    started = {
        "level": "INFO",
        "timestamp_ms": NOW_MS,
        "source": "exec",
        "cmd": "pytest -q",
        "cmd_id": "exe_1",
        "shell_name": "agent",
    }
    said = {"level": "warn", "timestamp_ms": NOW_MS - 1, "source": "exec", "message": "\x1b[2J"}
    exited = {"level": "info", "timestamp_ms": NOW_MS + 9, "cmd_id": "exe_1", "exit_code": -9}
    script = Script(ok({"logs": [started, said, exited]}))
    async with script.client() as client:
        page = await client.get_devbox_logs("dbx/1")
    assert script.request_lines == ["GET /v1/devboxes/dbx%2F1/logs"]
    assert page.items == (
        DevboxLog(
            level="info",
            timestamp_ms=NOW_MS,
            source="exec",
            cmd="pytest -q",
            cmd_id="exe_1",
            shell_name="agent",
        ),
        DevboxLog(level="warn", timestamp_ms=NOW_MS - 1, source="exec", message="\x1b[2J"),
        DevboxLog(level="info", timestamp_ms=NOW_MS + 9, cmd_id="exe_1", exit_code=-9),
    )
    assert (page.has_more, page.total_count, page.warnings) == (False, None, ())


@pytest.mark.parametrize("logs", [[], None])
async def test_a_devbox_may_have_no_logs(logs: object) -> None:
    async with Script(ok({"logs": logs})).client() as client:
        assert (await client.get_devbox_logs("dbx_1")).items == ()


async def test_bad_lines_are_dropped_with_one_warning_per_kind() -> None:
    bad = [{"timestamp_ms": "now", "message": f"line {n}"} for n in range(300)]
    script = Script(ok({"logs": [*bad, None, 3, {"message": "last", "exit_code": 10**30}]}))
    async with script.client() as client:
        page = await client.get_devbox_logs("dbx_1")
    assert len(page.items) == 301
    assert (page.items[0].message, page.items[0].timestamp_ms) == ("line 0", None)
    assert (page.items[-1].message, page.items[-1].exit_code) == ("last", None)
    assert page.warnings == (
        "timestamp_ms of a log line not understood",
        "a log line that is no object not understood",
        "exit_code of a log line not understood",
    )


async def test_a_response_without_a_list_of_lines_is_not_understood() -> None:
    async with Script(ok({"lines": []})).client() as client:
        with pytest.raises(NotUnderstood, match='expected a list of log lines under "logs"'):
            await client.get_devbox_logs("dbx_1")


async def test_a_deleted_devbox_is_not_found() -> None:
    async with Script(answer(404, {"message": "shut down"})).client() as client:
        with pytest.raises(NotFound) as caught:
            await client.get_devbox_logs("dbx_1")
    assert caught.value.detail == "shut down"


async def test_devbox_logs_are_retried_after_a_503() -> None:
    script = Script(answer(503), ok({"logs": []}))
    async with script.client() as client:
        await client.get_devbox_logs("dbx_1")
    assert len(script.requests) == 2
