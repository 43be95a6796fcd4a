"""The web pages of runs and scenario runs."""

import pytest

from runloop_tui.present.links import platform_address, run_link, scenario_run_link
from tests.present.building import a_run, a_scenario_run

PLATFORM = "https://platform.runloop.ai"


@pytest.mark.parametrize(
    ("base_url", "platform"),
    [
        ("https://api.runloop.ai", PLATFORM),
        ("https://api.runloop.ai/", PLATFORM),
        ("https://API.runloop.AI", PLATFORM),
        ("https://api.runloop.pro", "https://platform.runloop.pro"),
        ("https://user:password@api.runloop.ai", PLATFORM),
        ("http://api.runloop.ai", None),
        ("https://runloop.example", None),
        ("https://api.runloop.ai:8443", None),
        ("http://127.0.0.1:8080", None),
        ("", None),
    ],
)
def test_the_platform_is_derived_from_the_api_or_unknown(
    base_url: str, platform: str | None
) -> None:
    assert platform_address(base_url) == platform


def test_a_run_has_a_page_under_its_benchmark() -> None:
    run = a_run(benchmark_id="bmd_1")
    assert run_link(PLATFORM, run) == f"{PLATFORM}/benchmarks/custom/bmd_1/runs/bmr_1"


def test_a_run_without_a_benchmark_is_a_single_one() -> None:
    assert run_link(PLATFORM, a_run()) == f"{PLATFORM}/benchmarks/custom/single/runs/bmr_1"


def test_a_scenario_run_has_a_page_under_its_scenario() -> None:
    link = scenario_run_link(PLATFORM, a_scenario_run())
    assert link == f"{PLATFORM}/scenarios/scn_1/runs/scr_1"


def test_an_id_that_cannot_be_encoded_still_makes_a_link() -> None:
    assert run_link(PLATFORM, a_run(benchmark_id="\ud800")).endswith("/custom/%3F/runs/bmr_1")


@pytest.mark.parametrize("hostile", ["../../x", "a b?c#d", "\x1b]0;t\x07", "é\u202e", "..", "%2f"])
def test_an_id_of_whatever_kind_stays_one_part_of_the_path(hostile: str) -> None:
    for link in (
        run_link(PLATFORM, a_run(id=hostile, benchmark_id=hostile)),
        scenario_run_link(PLATFORM, a_scenario_run(id=hostile, scenario_id=hostile)),
    ):
        assert link.isascii()
        assert link.isprintable()
        assert " " not in link
        assert link.removeprefix(PLATFORM).count("/") in {4, 5}
        assert not set(link) & set("?#")
