"""The log file: without the key, header values and bodies at any level.

Not named logging.py, which would shadow the standard module.
"""

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

from runloop_tui.api.redact import redact

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def start_logging(path: Path | None, level: str) -> None:
    """Log to this file with mode 0600, or nowhere: a line on standard error would damage the screen.

    Raises:
        OSError: the file cannot be opened for writing.
    """
    if path is None:
        logging.getLogger("runloop_tui").addHandler(logging.NullHandler())
        return
    logging.raiseExceptions = False  # a traceback about a full disk would damage it too
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        with suppress(OSError):  # a file of another user, or a file system without modes
            os.fchmod(descriptor, 0o600)  # it may have existed with another mode
    stream = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(_FORMAT))
    logging.basicConfig(handlers=[handler], level=level.upper())


class RedactingFormatter(logging.Formatter):
    """Removes the key from all lines, and the headers of responses from those of httpcore.

    Of httpcore's lines only the name of the event is kept; those about connections (hosts, ports) are kept whole.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, with its traceback, without the key."""
        if record.name.startswith("httpcore.") and record.name != "httpcore.connection":
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = record.getMessage().partition(" ")[0], ()
        return redact(super().format(record))
