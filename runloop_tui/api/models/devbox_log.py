"""What a devbox has logged."""

from typing import Annotated, ClassVar

from pydantic import Field

from runloop_tui.api.models.view import Milliseconds, View, Word

ExitCode = Annotated[int, Field(ge=-(2**31), lt=2**32)]
"""What a command ended with."""


class DevboxLog(View):
    """One log line of a devbox (an item of DevboxLogsListView). All its texts come from outside."""

    noun: ClassVar[str] = "log line"

    level: Word = ""
    timestamp_ms: Milliseconds | None = None
    source: Word = ""
    """setup_commands, entrypoint, exec, files, stats or kmsg, so far."""
    message: str = ""
    cmd: str = ""
    """The command, on the line that tells of its start."""
    cmd_id: str = ""
    shell_name: str = ""
    exit_code: ExitCode | None = None
