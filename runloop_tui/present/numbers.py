"""Scores, counts, bars and sizes as people read them."""

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL = "█"


def percent(score: float | None) -> str:
    """Write a score of 0 to 1 as `61.2%`; a dash where there is none."""
    return "–" if score is None else f"{_apart(score, 0.001) * 100:.1f}%"


def score(value: float | None) -> str:
    """Write a scenario's score as `0.50`; a dash where there is none."""
    return "–" if value is None else f"{_apart(value, 0.01):.2f}"


def count(number: int) -> str:
    """Write a count with its thousands apart: `5,000`."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """Write a count with its noun: `1 run`, `3 runs`."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def share(done: int, total: int | None) -> str:
    """Write `412/500`, or `37/?` where the total is unknown."""
    return f"{done}/{total}" if total is not None else f"{done}/?"


def bar(done: int, total: int | None, width: int) -> str:
    """Draw a bar of `width` cells in eighths: full only when all is done, empty where the total is unknown."""
    if not total or width <= 0:
        return " " * max(0, width)
    eighths = min(width * 8, done * width * 8 // total)
    if eighths == 0 and done > 0:
        eighths = 1
    full, part = divmod(eighths, 8)
    drawn = _FULL * full + (_EIGHTHS[part] if part else "")
    return drawn.ljust(width)


def size(number: float) -> str:
    """Write a number of bytes as `12.3 MB`."""
    from humanize import naturalsize  # costs 15 ms: not before the first download

    return naturalsize(number)


def _apart(value: float, step: float) -> float:
    """Keep what lies between 0 and 1 from being rounded to either: nearly all is not all."""
    return min(max(value, step), 1 - step) if 0 < value < 1 else value
