"""Starting a run from the form: nothing goes out before the confirmation, then exactly one request."""

import json
import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from textual.widgets import Button

from runloop_tui.demo.account import BILLING, SMOKE, SWE_VERIFIED
from runloop_tui.demo.plans import HOUR, RunPlan
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.review_start import ReviewStartDialog, WaitingDialog
from runloop_tui.ui.dialogs.start_run import ChooseBenchmarkDialog, StartRunDialog
from tests.snapshots.situations import answer_instead, never_answer, posts
from tests.ui.seeing import NARROW, WIDE, focused, run_names, run_under_cursor
from tests.ui.stage import Stage
from tests.ui.transports import Wire, rewrite_answers
from tests.ui.worlds import ALPHA, BETA, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

START = "/v1/benchmarks/start_run"
SECRET = "hunter2hunter"
FEW = (
    ALPHA,
    BETA,
    *(
        RunPlan(None, benchmark, starts_at_ms=100 * HOUR)
        for benchmark in (SMOKE, BILLING, SWE_VERIFIED)
    ),
)
"""Two runs, and benchmarks of which none has been run yet."""


class Bodies(httpx.AsyncBaseTransport):
    """Keeps the bodies of all starts, and can lose the answers to them."""

    def __init__(self, stage: Stage) -> None:
        self._inner = stage.requests.inner
        self.sent: list[dict[str, Any]] = []
        self.loses_answers = False
        stage.requests.inner = self

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.url.path == START:
            self.sent.append(json.loads(request.content))
            if self.loses_answers:
                raise httpx.ReadError("")
        return response


def dialog(stage: Stage) -> type:
    return type(stage.app.screen)


def focused_button(stage: Stage) -> str | None:
    widget = stage.app.focused
    return widget.id if isinstance(widget, Button) else None


async def choose(stage: Stage, pilot: "Pilot[None]", words: str) -> None:
    """Open the form and choose the benchmark that these words find."""
    await pilot.press("N")
    await stage.settle(pilot)
    await pilot.press("enter")
    await stage.settle(pilot)
    await pilot.press(*words, "enter")
    await pilot.pause()


async def review(stage: Stage, pilot: "Pilot[None]") -> None:
    await pilot.click("#review")
    await stage.settle(pilot)


async def start_smoke(stage: Stage, pilot: "Pilot[None]", name: str = "mine") -> None:
    """Start a run of the smallest benchmark, with all the confirmations it takes."""
    await choose(stage, pilot, "smoke")
    await pilot.press(*name)
    await review(stage, pilot)
    await pilot.press("tab", "enter")
    await stage.settle(pilot)


@pytest.mark.slow
async def test_a_run_started_from_the_form_is_selected_in_the_list_and_progresses(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    bodies = Bodies(stage)
    async with stage.running(WIDE) as pilot:
        await start_smoke(stage, pilot)
        assert bodies.sent == [{"benchmark_id": bodies.sent[0]["benchmark_id"], "run_name": "mine"}]
        assert stage.requests.posts == [START]
        assert dialog(stage) is type(stage.main)
        assert run_names(stage)[0] == "mine"
        assert run_under_cursor(stage) == "mine"
        assert focused(stage) == "runs"
        assert notified == ["mine was started."]
        record = stage.main.record
        assert record is not None
        stage.clock.advance(minutes=2)
        await stage.poll(pilot)
        record = stage.main.record
        assert record is not None
        assert record.tally is not None
        assert record.tally.finished > 0
        assert record.planned == 8


async def test_everything_that_was_typed_is_sent_once_and_as_it_was_shown() -> None:
    stage = stage_of(*FEW)
    bodies = Bodies(stage)
    async with stage.running(WIDE) as pilot:
        await choose(stage, pilot, "billing")
        await pilot.press(*"nightly", "tab", *"compare")
        await pilot.press("tab", *"url", "tab", *"EUR", "tab", *"KEY_1", "tab", *"KEY_2")
        await pilot.press("tab", *"owner=me", "enter", *"team=evals")
        await pilot.press("tab", *f"TOKEN={SECRET}", "tab", *"EXTRA=KEY_3")
        await review(stage, pilot)
        assert dialog(stage) is ReviewStartDialog
        shown = stage.text()
        for words in ("nightly", "compare", "LEDGER_URL  ••••••", "CURRENCY  ••••••"):
            assert words in shown
        for words in ("TOKEN  ••••••", "owner  me", "team  evals", "EXTRA  ← KEY_3"):
            assert words in shown
        assert SECRET not in shown
        assert stage.requests.posts == []
        await pilot.press("right", "enter")
        await stage.settle(pilot)
        assert stage.requests.posts == [START]
        assert bodies.sent == [
            {
                "benchmark_id": bodies.sent[0]["benchmark_id"],
                "run_name": "nightly",
                "metadata": {"owner": "me", "team": "evals"},
                "runProfile": {
                    "purpose": "compare",
                    "envVars": {"LEDGER_URL": "url", "CURRENCY": "EUR", "TOKEN": SECRET},
                    "secrets": {
                        "MODEL_API_KEY": "KEY_1",
                        "LEDGER_TOKEN": "KEY_2",
                        "EXTRA": "KEY_3",
                    },
                },
            }
        ]
        assert run_under_cursor(stage) == "nightly"


async def test_enter_alone_never_starts_anything() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await choose(stage, pilot, "smoke")
        await review(stage, pilot)
        assert focused_button(stage) == "no"
        for _ in range(12):
            await pilot.press("enter")
            await stage.settle(pilot)
        assert stage.requests.posts == []


async def test_from_the_review_one_goes_back_to_the_form_with_all_that_was_typed() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await choose(stage, pilot, "smoke")
        await pilot.press(*"mine", "tab", *"compare")
        for key in ("escape", "n", "q", "enter"):
            await review(stage, pilot)
            assert dialog(stage) is ReviewStartDialog
            await pilot.press(key)
            await stage.settle(pilot)
            form = stage.app.screen
            assert isinstance(form, StartRunDialog)
            assert (form.draft.run_name, form.draft.purpose) == ("mine", "compare")
            assert form.draft.benchmark is not None
        assert stage.requests.posts == []


async def test_what_was_typed_is_kept_where_the_form_is_left_and_opened_again() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await choose(stage, pilot, "billing")
        await pilot.press(*"mine", "tab", "tab", *SECRET, "escape")
        await stage.settle(pilot)
        assert dialog(stage) is type(stage.main)
        await pilot.press("N")
        await stage.settle(pilot)
        form = stage.app.screen
        assert isinstance(form, StartRunDialog)
        assert form.draft.run_name == "mine"
        assert form.draft.required_variables == {"LEDGER_URL": SECRET, "CURRENCY": ""}
        assert SECRET not in stage.text()


async def test_what_the_benchmark_requires_and_is_missing_is_shown_before_anything_is_sent() -> (
    None
):
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await choose(stage, pilot, "billing")
        await pilot.press("tab", "tab", *"url")
        await review(stage, pilot)
        assert dialog(stage) is StartRunDialog
        shown = stage.text()
        assert "the benchmark requires the variable CURRENCY" in shown
        assert "the benchmark requires the secret MODEL_API_KEY" in shown
        assert "LEDGER_URL              variable   •••" in shown
        await pilot.press(*"EUR")
        form = stage.app.screen
        assert isinstance(form, StartRunDialog)
        assert form.draft.required_variables["CURRENCY"] == "EUR", "what is missing has the focus"
        assert stage.requests.posts == []


async def test_without_a_benchmark_the_form_says_so_and_goes_to_the_choice() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("N")
        await stage.settle(pilot)
        await review(stage, pilot)
        assert "a benchmark has to be chosen" in stage.text()
        assert focused_button(stage) == "benchmark"


async def test_values_can_be_read_only_while_they_are_typed() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await choose(stage, pilot, "billing")
        await pilot.press("tab", "tab", *"http://store")
        assert "http://store" in stage.text()
        await pilot.press("tab")
        assert "http://store" not in stage.text()
        await pilot.press("tab", "tab", "tab", "tab", *f"A={SECRET}")
        assert SECRET in stage.text()
        await pilot.press("enter", *"B=other")
        await pilot.pause()
        assert f"A={'•' * len(SECRET)}" in stage.text()
        assert "B=other" in stage.text()
        await pilot.press("tab")
        await pilot.pause()
        assert "B=•••••" in stage.text()
        assert "other" not in stage.text()


async def test_what_is_typed_fast_after_tab_never_lands_in_the_field_before() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await choose(stage, pilot, "billing")
        await pilot.press("m", "tab", "tab", "s", "tab", "t")
        form = stage.app.screen
        assert isinstance(form, StartRunDialog)
        assert form.draft.run_name == "m"
        assert form.draft.required_variables == {"LEDGER_URL": "s", "CURRENCY": "t"}


async def test_both_the_accounts_and_the_public_benchmarks_can_be_chosen_by_search() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("N")
        await stage.settle(pilot)
        await pilot.press("enter")
        await stage.settle(pilot)
        chooser = stage.app.screen
        assert isinstance(chooser, ChooseBenchmarkDialog)
        names = [chooser.table.by_id[row_id].name for row_id in chooser.table.ids]
        assert "billing-regressions" in names
        assert "SWE-bench Verified" in names
        await pilot.press(*"swe veri")
        assert len(chooser.table.ids) == 1
        await pilot.press("enter")
        await pilot.pause()
        assert "SWE-bench Verified  500 scenarios" in stage.text()


async def test_escape_leaves_the_choice_as_it_was() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await choose(stage, pilot, "smoke")
        await pilot.press("shift+tab", "enter")
        await stage.settle(pilot)
        assert dialog(stage) is ChooseBenchmarkDialog
        await pilot.press("down", "down", "escape")
        await stage.settle(pilot)
        assert "smoke  " in stage.text()


@pytest.mark.parametrize(
    ("status", "message", "words"),
    [
        (400, "quota exceeded for this account", "request refused (400): quota exceeded"),
        (404, "no such benchmark", "not found (404): no such benchmark"),
        (401, "invalid api key", "not authorised (401): invalid api key"),
    ],
)
async def test_a_failed_start_keeps_what_was_typed_and_says_why(
    status: int, message: str, words: str
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        answer_instead(stage, status, json.dumps({"message": message}), to=posts)
        await start_smoke(stage, pilot)
        form = stage.app.screen
        assert isinstance(form, StartRunDialog)
        assert words in " ".join(stage.text().replace("│", " ").split())
        assert form.draft.run_name == "mine"
        assert stage.requests.posts == [START]
        stage.requests.instead = None
        await review(stage, pilot)
        await pilot.press("tab", "enter")
        await stage.settle(pilot)
        assert run_under_cursor(stage) == "mine"
        assert stage.requests.posts == [START, START]


async def test_a_start_whose_answer_is_lost_but_which_arrived_is_found_and_selected(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    bodies = Bodies(stage)
    bodies.loses_answers = True
    async with stage.running(WIDE) as pilot:
        await start_smoke(stage, pilot)
        assert run_under_cursor(stage) == "mine"
        assert stage.requests.posts == [START]
        assert notified[-1].startswith(
            "The answer was lost, but a run like it has started since: mine"
        )


async def test_a_start_of_unknown_outcome_is_offered_again_after_a_look_and_looked_for_once_more() -> (
    None
):
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        answer_instead(stage, 502, "", to=posts)
        await start_smoke(stage, pilot)
        looks = [line for line in stage.requests.queries if "benchmark_id=" in line]
        assert len(looks) == 2, "once before it was sent, and once after"
        form = stage.app.screen
        assert isinstance(form, StartRunDialog)
        assert "It is unknown whether mine was started" in stage.text()
        assert form.draft.run_name == "mine"
        stage.requests.instead = None
        await review(stage, pilot)
        assert stage.requests.posts == [START]
        before = len(stage.requests.queries)
        await pilot.press("tab", "enter")
        await stage.settle(pilot)
        sent = stage.requests.queries[before:]
        assert "benchmark_id=" in sent[0], "it looks before it sends"
        assert sent[1] == f"POST {START}"
        assert stage.requests.posts == [START, START]
        assert run_under_cursor(stage) == "mine"


async def test_a_run_that_appears_late_is_found_when_the_key_is_pressed_again(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    bodies = Bodies(stage)
    bodies.loses_answers = True
    async with stage.running(WIDE) as pilot:
        answer_instead(
            stage, 503, "", to=lambda request: bool(bodies.sent) and request.method == "GET"
        )
        await start_smoke(stage, pilot)
        assert isinstance(stage.app.screen, ConfirmDialog)
        assert "The runs could not be looked at either" in " ".join(
            stage.text().replace("│", " ").split()
        )
        await pilot.press("enter")
        await stage.settle(pilot)
        assert dialog(stage) is type(stage.main), "Enter alone leaves it"
        stage.requests.instead = None
        await pilot.press("N")
        await stage.settle(pilot)
        assert stage.requests.posts == [START]
        assert run_under_cursor(stage) == "mine"
        assert "nothing was sent again" in notified[-1]


@pytest.mark.parametrize("behind_s", [11, 3600])
async def test_a_start_that_arrived_is_found_where_the_servers_times_are_behind_its_date(
    behind_s: int, notified: list[str]
) -> None:
    stage = stage_of(*FEW)

    def rewrite(view: Wire) -> None:
        if "start_time_ms" in view:
            view["start_time_ms"] -= behind_s * 1000

    rewrite_answers(stage, rewrite)
    bodies = Bodies(stage)
    bodies.loses_answers = True
    async with stage.running(WIDE) as pilot:
        await start_smoke(stage, pilot)
        assert stage.requests.posts == [START]
        assert run_under_cursor(stage) == "mine"
        assert notified[-1].startswith(
            "The answer was lost, but a run like it has started since: mine"
        )


async def test_where_the_runs_cannot_be_looked_at_first_nothing_is_sent_and_that_is_said() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        answer_instead(stage, 503, "", to=lambda request: "benchmark_id" in str(request.url))
        await start_smoke(stage, pilot)
        assert stage.requests.posts == []
        assert isinstance(stage.app.screen, StartRunDialog)
        shown = " ".join(stage.text().replace("│", " ").split())
        assert "mine was not started: nothing was sent" in shown


async def test_one_need_not_wait_for_an_answer_that_does_not_come(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    never_answer(stage, to=posts)
    async with stage.running(WIDE) as pilot:
        await start_smoke(stage, pilot)
        assert dialog(stage) is WaitingDialog
        assert "Starting mine: sent once" in stage.text()
        await pilot.press("enter", "space", "escape")
        await stage.settle(pilot)
        assert dialog(stage) is type(stage.main)
        await pilot.press("N")
        await stage.settle(pilot)
        assert notified[-1] == "A start is under way; its outcome will be shown."
        assert stage.requests.posts == [START]


async def test_values_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    stage = stage_of(*FEW)
    with caplog.at_level(logging.DEBUG):
        async with stage.running(WIDE) as pilot:
            answer_instead(stage, 400, json.dumps({"message": f"{SECRET} is wrong"}), to=posts)
            await choose(stage, pilot, "smoke")
            await pilot.press("tab", "tab", "tab", *f"TOKEN={SECRET}")
            await review(stage, pilot)
            await pilot.press("tab", "enter")
            await stage.settle(pilot)
            assert SECRET not in stage.text()
    assert "start asked for" in caplog.text
    assert SECRET not in caplog.text


async def test_read_only_has_no_key_for_it() -> None:
    stage = stage_of(*FEW, read_only=True)
    async with stage.running(WIDE) as pilot:
        await pilot.press("N")
        await stage.settle(pilot)
        assert dialog(stage) is type(stage.main)


async def test_hostile_benchmarks_drive_nothing() -> None:
    stage = stage_of(*FEW)
    hostile = {
        "id": "bmd_evil",
        "name": "\x1b]0;owned\x07[red]x[/]",
        "required_environment_variables": ["\x1b[2J[@click=app.quit]a[/]"],
        "required_secret_names": ["[/x]"],
    }

    def listed(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/v1/benchmarks":
            return None
        return httpx.Response(200, json={"benchmarks": [hostile], "has_more": False})

    stage.requests.instead = listed
    async with stage.running(WIDE) as pilot:
        await choose(stage, pilot, "bmd_evil")
        shown = stage.text()
        assert "\x1b" not in shown
        assert "␛[red]x[/]" in shown
        assert "[@click=app.quit]" in shown
        await review(stage, pilot)
        assert "requires the secret [/x]" in stage.text()
