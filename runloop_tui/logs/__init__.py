"""Log archives downloaded to disk within limits, listed, unpacked and searched in place."""
