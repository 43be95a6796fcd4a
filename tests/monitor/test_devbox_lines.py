"""How answers of a devbox's log are joined: no line twice, none lost, in order."""

from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, join


def line(message: str, at: int | None = None) -> DevboxLine:
    return DevboxLine(at, "exec", "info", message, "", "", "", None)


def lines(messages: str) -> list[DevboxLine]:
    """A line for each letter; equal letters are equal lines."""
    return [line(letter) for letter in messages]


def timed(messages: str, first: int = 0) -> list[DevboxLine]:
    """A line for each letter, a second apart."""
    return [line(letter, 1_000 * (first + place)) for place, letter in enumerate(messages)]


def joined(known: str, fresh: str) -> str:
    return "".join(line.message for line in join(lines(known), lines(fresh)).lines)


def test_an_answer_that_goes_on_adds_what_is_new() -> None:
    assert joined("", "abc") == "abc"
    assert joined("abc", "abcde") == "abcde"


def test_identical_lines_are_kept_as_often_as_they_were_logged() -> None:
    assert joined("aa", "aaaa") == "aaaa"
    assert joined("abab", "abababab") == "abababab"


def test_an_answer_of_only_the_end_is_joined_where_it_overlaps() -> None:
    assert joined("abcdef", "defgh") == "abcdefgh"
    assert joined("abcaabca", "aabcaxx") == "abcaabcaxx"


def test_an_answer_with_nothing_new_takes_nothing_away() -> None:
    assert joined("abcdef", "abc") == "abcdef"
    assert joined("abcdef", "cde") == "abcdef"
    assert joined("abcdef", "") == "abcdef"


def test_a_line_that_came_late_takes_its_place() -> None:
    assert joined("abde", "abcdef") == "abcdef"
    result = join(lines("abde"), lines("abcdef"))
    assert result.kept == 2


def test_a_line_that_came_late_in_an_answer_of_only_the_end_takes_its_place() -> None:
    assert joined("uvwabde", "abcdef") == "uvwabcdef"


def test_a_line_that_was_completed_replaces_what_it_was() -> None:
    known = [*timed("ab"), line("par", 2_000)]
    fresh = [*timed("ab"), line("partial no more", 2_000), line("c", 3_000)]

    result = join(known, fresh)

    assert result.lines == fresh
    assert result.kept == 2
    assert not result.has_gap


def test_an_answer_that_begins_after_the_end_leaves_a_gap_and_says_where() -> None:
    result = join(timed("abc"), timed("xyz", first=10))

    assert [line.message for line in result.lines] == [*"abcxyz"]
    assert (result.kept, result.has_gap) == (3, True)


def test_an_answer_that_shares_nothing_and_is_not_later_stands_alone() -> None:
    result = join(timed("abc", first=10), timed("xyz"))

    assert [line.message for line in result.lines] == [*"xyz"]
    assert (result.kept, result.has_gap) == (0, False)


@given(whole=st.text("ab", max_size=40), looks=st.lists(st.integers(0, 40), max_size=8))
def test_a_log_that_is_given_whole_each_time_is_always_as_long_as_the_longest_look(
    whole: str, looks: list[int]
) -> None:
    known: list[DevboxLine] = []
    longest = 0
    for end in looks:  # some of them late, with less than was known
        known = join(known, lines(whole[:end])).lines
        longest = max(longest, min(end, len(whole)))
        assert known == lines(whole[:longest])


@given(
    length=st.integers(1, 60),
    steps=st.lists(st.tuples(st.integers(0, 10), st.integers(1, 20)), max_size=10),
)
def test_windows_that_overlap_are_joined_to_the_whole(
    length: int, steps: list[tuple[int, int]]
) -> None:
    whole = [line("the same words", place // 3) for place in range(length)]
    # Three lines share each millisecond: what tells lines apart is where they stand.
    known = join([], whole[:4]).lines
    end = 4
    for back, on in steps:
        start = max(0, end - 3 - back) // 3 * 3
        end = min(length, max(end, end + on))
        known = join(known, whole[start:end]).lines
        assert known == whole[: max(end, 4)]


@given(known=st.text("abc", max_size=20), fresh=st.text("abc", max_size=20))
def test_what_is_said_to_be_kept_is_kept_and_the_answer_is_in_the_result(
    known: str, fresh: str
) -> None:
    before, answer = lines(known), lines(fresh)

    result = join(before, answer)

    assert result.lines[: result.kept] == before[: result.kept]
    text = "".join(line.message for line in result.lines)
    assert fresh in text


@given(known=st.text("abc", max_size=20), fresh=st.text("abc", max_size=20))
def test_the_same_answer_again_changes_nothing(known: str, fresh: str) -> None:
    once = join(lines(known), lines(fresh)).lines

    assert join(once, lines(fresh)).lines == once
