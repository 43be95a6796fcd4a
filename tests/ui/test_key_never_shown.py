"""A server that puts the key into everything that it says: no place shows it."""

import logging
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from runloop_tui.api.models import ScoringFunctionResult
from runloop_tui.api.redact import MASK, add_secret
from runloop_tui.demo.account import BENCHMARKS
from runloop_tui.demo.plans import HOUR, RunPlan
from runloop_tui.log_file import RedactingFormatter
from runloop_tui.logs.storage import archive_name
from runloop_tui.present.log_view import safe_log_text
from runloop_tui.present.scenarios import reason
from runloop_tui.present.text import safe, safe_lines
from tests.key_forms import FORMS, KEY, shows_key
from tests.present.building import a_scored_run
from tests.ui.job_stage import job_stage
from tests.ui.log_scenes import archive_opened, entry_opened, live_opened, zipped
from tests.ui.seeing import NARROW, ULTRA, WIDE
from tests.ui.transports import Wire, rewrite_answers
from tests.ui.worlds import FEW, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.ui.stage import Stage

STATES = frozenset({"running", "completed", "scored", "canceled", "failed", "timeout", "scoring"})
KINDS = frozenset({"type", "state", "status", "level"})
LABELS = frozenset({"metadata", "environment_variables", "secrets_provided", "kwargs", "secrets"})


@pytest.fixture(autouse=True)
def _hidden() -> None:
    add_secret(KEY)


def saying_the_key(*, in_ids: bool = False) -> Callable[[Wire], None]:
    """Puts a form of the key behind every text that is no id and no state, and into its labels."""
    forms = cycle(FORMS.values())
    given: dict[str, str] = {}

    def rewrite(view: Wire) -> None:
        for name, value in view.items():
            if not isinstance(value, str) or name in KINDS:
                continue
            if name != "id" and not name.endswith("_id"):
                view[name] = given.setdefault(value, f"{value[:8]} {next(forms)}")
            elif in_ids:
                view[name] = given.setdefault(value, f"{value}-{KEY}")
        for name in LABELS & view.keys():
            view[name] = {next(forms): next(forms), "n": next(forms)}

    return rewrite


async def walk(stage: "Stage", pilot: "Pilot[None]", notified: list[str], *keys: str) -> str:
    """Press keys, and look at everything that can be seen or pasted after each."""
    seen = []
    for key in keys:
        await pilot.press(key)
        await stage.settle(pilot)
        for place in (stage.text(), stage.app.clipboard, *notified):
            assert not shows_key(place), (key, place)
        seen.append(stage.text())
    return "\n".join(seen)


@pytest.mark.slow
@pytest.mark.parametrize("size", [NARROW, WIDE, ULTRA])
async def test_runs_scenarios_and_their_details(size: tuple[int, int], notified: list[str]) -> None:
    stage = stage_of(*FEW, demo=False, platform="https://platform.runloop.ai")
    rewrite_answers(stage, saying_the_key())
    async with stage.running(size, toasts=True) as pilot:
        keys = (
            "1",
            "j",
            "enter",
            "G",
            "y",
            "Y",
            "o",
            "escape",
            "3",
            "j",
            "enter",
            "y",
            "G",
            "escape",
        )
        assert MASK in await walk(
            stage, pilot, notified, *keys, "X", "escape", "D", "escape", "e", "escape"
        )


async def test_ids_that_hold_it(notified: list[str]) -> None:
    stage = stage_of(*FEW, demo=False, platform="https://platform.runloop.ai")
    rewrite_answers(stage, saying_the_key(in_ids=True))
    async with stage.running(ULTRA, toasts=True) as pilot:
        for key in ("1", "j", "y", "Y", "o", "3", "j", "y", "Y", "space", "X", "escape", "d"):
            await pilot.press(key)
            await pilot.pause()
            for place in (stage.text(), stage.app.clipboard, *notified):
                assert not shows_key(place), (key, place)
    assert any("platform.runloop.ai" in each for each in notified)


async def test_jobs(notified: list[str]) -> None:
    stage = job_stage()
    rewrite_answers(stage, saying_the_key())
    async with stage.running(ULTRA, toasts=True) as pilot:
        assert MASK in await walk(
            stage, pilot, notified, "b", "2", "j", "j", "y", "1", "j", "y", "z"
        )


async def test_failures_in_groups(notified: list[str]) -> None:
    stage = job_stage()
    rewrite_answers(stage, saying_the_key())
    async with stage.running(ULTRA, toasts=True) as pilot:
        of_a_job = await walk(stage, pilot, notified, "b", "f", "j", "G", "y", "escape", "escape")
        assert MASK in of_a_job
        of_a_run = await walk(stage, pilot, notified, "j", "f", "y", "G", "D", "escape", "enter")
        assert "group: " in of_a_run


async def test_the_files_of_an_archive_one_of_them_and_its_name_on_the_disk(
    tmp_path: Path, notified: list[str]
) -> None:
    names = [form for form in FORMS.values() if "\n" not in form]
    lines = "\n".join(f"{'.' * 490} {form}" for form in FORMS.values()).encode()
    archive = zipped(*((f"{at}-{name}", lines) for at, name in enumerate(names)))
    stage = stage_of(*FEW, downloads=tmp_path)
    rewrite_answers(stage, saying_the_key())
    proposed = f'attachment; filename="{KEY}.zip"'
    stage.requests.instead = lambda request: (
        httpx.Response(
            200,
            headers={"Content-Type": "application/zip", "Content-Disposition": proposed},
            content=archive,
        )
        if request.url.path.endswith("/download_logs")
        else None
    )
    async with stage.running(WIDE, toasts=True) as pilot:
        await archive_opened(stage, pilot)
        assert MASK in await walk(stage, pilot, notified, "y", "s", "G", "d", "y", "escape")
        await walk(stage, pilot, notified, "enter", "w", "G", "w", "right", "right", "escape")
    assert not any(shows_key(path.name) for path in tmp_path.iterdir())  # noqa: ASYNC240


async def test_a_line_of_a_file(tmp_path: Path, notified: list[str]) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        await entry_opened(stage, pilot)
    for form in FORMS.values():
        for dots in (0, 480, 490, 500, 990):
            assert not shows_key(safe_log_text(f"{'.' * dots}{form}"))


async def test_the_log_of_a_devbox(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    rewrite_answers(stage, saying_the_key())
    async with stage.running(NARROW, toasts=True) as pilot:
        await live_opened(stage, pilot)
        assert MASK in await walk(stage, pilot, notified, "g", "w", "G", "s", "v")


async def test_the_form_and_the_benchmarks(notified: list[str]) -> None:
    not_yet = (RunPlan(None, each, starts_at_ms=100 * HOUR) for each in BENCHMARKS)
    stage = stage_of(*FEW, *not_yet)
    rewrite_answers(stage, saying_the_key())
    async with stage.running(WIDE, toasts=True) as pilot:
        assert MASK in await walk(stage, pilot, notified, "N", "enter", "down", "enter", "tab")


@pytest.mark.parametrize("status", [400, 500])
async def test_a_refusal_of_an_action_and_of_a_list(notified: list[str], status: int) -> None:
    stage = stage_of(*FEW)
    forms = cycle(FORMS.values())
    async with stage.running(ULTRA, toasts=True) as pilot:
        stage.requests.instead = lambda _: httpx.Response(status, json={"message": next(forms)})
        for _ in range(4):
            await walk(stage, pilot, notified, "X", "right", "enter", "r")
    assert notified


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_way_to_make_a_text_safe(form: str) -> None:
    hidden_by_an_escape = f"{KEY[:9]}\x1b[0;31m{KEY[9:]}"
    for text in (form, f"{'x' * 4_080}{form}", f"{form}{'x' * 1_990}", hidden_by_an_escape):
        assert not shows_key(safe(text))
        assert safe(safe(text)) == safe(text)
        assert not shows_key("".join(safe_lines(text)))
        said = ScoringFunctionResult(output=text, state="complete")
        assert not shows_key(reason(a_scored_run(said)))
        assert not shows_key(archive_name(text, text))
        record = logging.LogRecord("httpx", 20, "", 1, "said %s", (text,), None)
        assert not shows_key(RedactingFormatter("%(message)s").format(record))
    assert len(safe_lines(f"one\n{form}\nlast")) == 3 + sum(form.count(each) for each in ("\n",))
