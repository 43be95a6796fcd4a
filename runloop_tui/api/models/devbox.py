"""Devbox logs."""

from typing import Annotated, ClassVar

from pydantic import Field

from runloop_tui.api.models.view import Milliseconds, View, Word

ExitCode = Annotated[int, Field(ge=-(2**31), lt=2**32)]
"""The exit code of a command."""


class DevboxLog(View):
    """One log line of a devbox (an item of DevboxLogsListView). All its texts are untrusted."""

    noun: ClassVar[str] = "log line"

    level: Word = ""
    timestamp_ms: Milliseconds | None = None
    source: Word = ""
    """Known: setup_commands, entrypoint, exec, files, stats, kmsg."""
    message: str = ""
    cmd: str = ""
    """The command, on the line that logs its start."""
    cmd_id: str = ""
    shell_name: str = ""
    exit_code: ExitCode | None = None
