"""How far a terminal is behind is told by its answers; one that never answers is taken to keep up."""

from runloop_tui.ui.tty.window import OutputWindow

FRAME = 5_000


def answering() -> OutputWindow:
    """A window on a terminal that has shown that it answers."""
    window = OutputWindow()
    window.asked()
    window.answered()
    return window


def test_a_terminal_that_has_not_answered_yet_is_not_behind() -> None:
    window = OutputWindow()
    window.asked()
    window.wrote(10 * FRAME)
    assert not window.is_behind


def test_one_that_answers_is_behind_from_a_large_frame_until_it_has_reached_it() -> None:
    window = answering()
    window.wrote(FRAME)
    window.asked()
    was_behind = window.is_behind
    window.answered()
    assert was_behind
    assert not window.is_behind


def test_an_answer_tells_only_of_what_was_written_before_its_query() -> None:
    window = answering()
    window.asked()
    window.wrote(FRAME)
    window.asked()
    window.answered()
    was_behind = window.is_behind
    window.answered()
    assert was_behind
    assert not window.is_behind


def test_little_is_written_without_asking() -> None:
    window = answering()
    wanted = []
    for _ in range(2):
        window.wrote(500)
        wanted.append(window.wants_answer)
    window.asked()
    wanted.append(window.wants_answer)
    assert wanted == [False, True, False]


def test_an_answer_that_nobody_asked_for_changes_nothing() -> None:
    window = answering()
    window.wrote(FRAME)
    window.answered()
    assert window.is_behind


def test_where_answers_were_lost_nothing_waits_for_them() -> None:
    window = answering()
    window.wrote(FRAME)
    window.asked()
    window.forget()
    assert not window.is_behind
    assert not window.has_asked
    assert not window.answers


def test_an_answer_is_awaited_while_a_query_is_on_its_way() -> None:
    window = answering()
    window.asked()
    assert window.has_asked
