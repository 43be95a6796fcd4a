"""The log file: what the app does, without the key, header values or bodies, whatever the level."""

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

from runloop_tui.api.redact import redact

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def start_logging(path: Path | None, level: str) -> None:
    """Log to this file, which only its owner can read, or nowhere: a line on the screen would tear it.

    Raises:
        OSError: the file cannot be written.
    """
    if path is None:
        logging.getLogger("runloop_tui").addHandler(logging.NullHandler())
        return
    logging.raiseExceptions = False  # nor must a full disk tear it
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        with suppress(OSError):  # a file of somebody else's, or on a disk without owners
            os.fchmod(descriptor, 0o600)  # it may have been there before, open to all
    stream = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutWire(_FORMAT))
    logging.basicConfig(handlers=[handler], level=level.upper())


class WithoutWire(logging.Formatter):
    """Leaves of httpcore's lines about an exchange only what happened: they hold the headers of answers.

    Its lines about connections, which say hosts and ports, stay whole.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, and the trace where there is one, without the key."""
        if record.name.startswith("httpcore.") and record.name != "httpcore.connection":
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = record.getMessage().partition(" ")[0], ()
        return redact(super().format(record))
