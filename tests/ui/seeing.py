"""Reads the screen of a stage: rows, titles, focus and cursors."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

    from runloop_tui.ui.widgets.detail_pane import DetailPane
    from runloop_tui.ui.widgets.table_pane import TablePane
    from runloop_tui.ui.widgets.virtual_table import VirtualTable
    from tests.ui.stage import Stage

WIDE = (120, 40)
NARROW = (80, 24)
ULTRA = (200, 60)


def run_names(stage: "Stage") -> list[str]:
    """Return the names (or ids) of the runs, in the order of the rows."""
    table = stage.main.runs.table
    runs = (table.snapshot.by_id[row_id].run for row_id in table.ids)
    return [run.name or run.id for run in runs]


def scenario_names(stage: "Stage") -> list[str]:
    """Return the names of the scenario runs, in the order of the rows; without those not started."""
    table = stage.main.scenarios.table
    runs = table.scenario_runs
    return [runs[row_id].name for row_id in table.ids if row_id in runs]


def scenario_row_names(stage: "Stage") -> list[str]:
    """Return the names of all rows of the scenarios, those not started too."""
    table = stage.main.scenarios.table
    names = {id_: each.name for id_, each in table.scenario_runs.items()}
    names |= {id_: each.name for id_, each in table.not_started.items()}
    return [names[row_id] for row_id in table.ids]


def run_under_cursor(stage: "Stage") -> str:
    """Return the name (or id) of the run under the cursor."""
    record = stage.main.record
    assert record is not None
    return record.run.name or record.id


def scenario_under_cursor(stage: "Stage") -> str:
    """Return the name of the scenario under the cursor, started or not."""
    pane = stage.main.scenarios
    scenario = pane.highlighted or pane.highlighted_not_started
    assert scenario is not None
    return scenario.name


def focused(stage: "Stage") -> str:
    """Return the name of the focused pane."""
    widget = stage.app.screen.focused
    assert widget is not None
    ids = [ancestor.id or "" for ancestor in widget.ancestors_with_self]
    return next(id_.removesuffix("-pane") for id_ in ids if id_.endswith("-pane"))


def no_dialog(stage: "Stage") -> bool:
    """Return True if only the runs screen is open."""
    return len(stage.app.screen_stack) == 1


def shown_panes(stage: "Stage") -> set[str]:
    """Return the names of the panes that have at least a line on the screen."""
    main = stage.main
    views = {
        "runs": main.runs.table,
        "detail": main.detail.view,
        "scenarios": main.scenarios.table,
        "inspector": main.inspector.view,
    }
    return {name for name, view in views.items() if view.is_on_screen and view.size.height > 0}


def on_screen(stage: "Stage", widget: "Widget") -> list[str]:
    """Return the lines on the screen in the region of a widget."""
    region = widget.region
    lines = stage.text().split("\n")[region.y : region.bottom]
    return [line[region.x : region.right] for line in lines]


def row_on_screen(stage: "Stage", table: "VirtualTable", row_id: str) -> str:
    """Return the text of a row, which must be on the screen."""
    top = list(table.ids).index(row_id) * table.row_height - table.scroll_offset.y
    assert 0 <= top < table.size.height, "the row is not on the screen"
    return "\n".join(on_screen(stage, table)[top : top + table.row_height])


def cursor_is_on_screen(table: "VirtualTable") -> bool:
    """Return True if the row under the cursor is on the screen, whole."""
    top = list(table.ids).index(table.cursor_id or "") * table.row_height - table.scroll_offset.y
    return top >= 0 and top + table.row_height <= table.size.height


def title(pane: "TablePane | DetailPane") -> str:
    """Return the title of a pane."""
    return pane._title.text


def status(stage: "Stage") -> str:
    """Return the status line."""
    return stage.main._status.text


def inspected(stage: "Stage") -> str:
    """Return the text of the scenario run in full."""
    return stage.main.inspector.view.text


def detail(stage: "Stage") -> str:
    """Return the text of the run in full."""
    return stage.main.detail.view.text
