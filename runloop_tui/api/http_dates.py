"""Dates as HTTP headers write them."""

from datetime import UTC
from email.utils import parsedate_to_datetime

_LONGEST_DATE = 64
_PLAUSIBLE_YEARS = range(2020, 2100)


def http_date_ms(text: str) -> int | None:
    """The moment in Unix ms, or None when it is no date or an absurd one."""
    if len(text) > _LONGEST_DATE:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.year not in _PLAUSIBLE_YEARS:
        return None
    if moment.tzinfo is None:  # "-0000": a date in UTC from a place that is not told
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000)
