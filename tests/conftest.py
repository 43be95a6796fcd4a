"""What all tests share: one time zone, so that clock times are the same everywhere, and caches of their own."""

import atexit
import os
import shutil
import tempfile
import time

os.environ["TZ"] = "UTC"
time.tzset()

_CACHE = tempfile.mkdtemp(prefix="runloop-tui-tests-")
os.environ["XDG_CACHE_HOME"] = _CACHE
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)
