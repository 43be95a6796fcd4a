"""What a person sees of the app: rows, titles, where the focus and the cursors are."""

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
    """The names (or ids) of the runs, as their rows stand."""
    table = stage.main.runs.table
    runs = (table.snapshot.by_id[row_id].run for row_id in table.ids)
    return [run.name or run.id for run in runs]


def scenario_names(stage: "Stage") -> list[str]:
    """The names of the scenario runs, as their rows stand; without what has not started."""
    table = stage.main.scenarios.table
    runs = table.scenario_runs
    return [runs[row_id].name for row_id in table.ids if row_id in runs]


def scenario_row_names(stage: "Stage") -> list[str]:
    """The names of all rows of the scenarios, what has not started as well."""
    table = stage.main.scenarios.table
    names = {id_: each.name for id_, each in table.scenario_runs.items()}
    names |= {id_: each.name for id_, each in table.not_started.items()}
    return [names[row_id] for row_id in table.ids]


def run_under_cursor(stage: "Stage") -> str:
    """The name (or id) of the run under the cursor."""
    record = stage.main.record
    assert record is not None
    return record.run.name or record.id


def scenario_under_cursor(stage: "Stage") -> str:
    """The name of the scenario under the cursor, whether or not it has started."""
    pane = stage.main.scenarios
    scenario = pane.highlighted or pane.highlighted_not_started
    assert scenario is not None
    return scenario.name


def focused(stage: "Stage") -> str:
    """The pane that has the focus."""
    widget = stage.app.screen.focused
    assert widget is not None
    ids = [ancestor.id or "" for ancestor in widget.ancestors_with_self]
    return next(id_.removesuffix("-pane") for id_ in ids if id_.endswith("-pane"))


def no_dialog(stage: "Stage") -> bool:
    """Tell whether nothing stands over the main screen."""
    return len(stage.app.screen_stack) == 1


def shown_panes(stage: "Stage") -> set[str]:
    """The panes that have a line or more to show what they are there for."""
    main = stage.main
    views = {
        "runs": main.runs.table,
        "detail": main.detail.view,
        "scenarios": main.scenarios.table,
        "inspector": main.inspector.view,
    }
    return {name for name, view in views.items() if view.is_on_screen and view.size.height > 0}


def on_screen(stage: "Stage", widget: "Widget") -> list[str]:
    """What the screen shows in the place of a widget, line by line."""
    region = widget.region
    lines = stage.text().split("\n")[region.y : region.bottom]
    return [line[region.x : region.right] for line in lines]


def row_on_screen(stage: "Stage", table: "VirtualTable", row_id: str) -> str:
    """What the screen shows of a row; it must not be scrolled away."""
    top = list(table.ids).index(row_id) * table.row_height - table.scroll_offset.y
    assert 0 <= top < table.size.height, "the row is not on the screen"
    return "\n".join(on_screen(stage, table)[top : top + table.row_height])


def cursor_is_on_screen(table: "VirtualTable") -> bool:
    """Tell whether the row under the cursor can be seen, whole."""
    top = list(table.ids).index(table.cursor_id or "") * table.row_height - table.scroll_offset.y
    return top >= 0 and top + table.row_height <= table.size.height


def title(pane: "TablePane | DetailPane") -> str:
    """The line above a pane."""
    return pane._title.text


def status(stage: "Stage") -> str:
    """The line that says how fresh the data is, or what is wrong."""
    return stage.main._status.text


def inspected(stage: "Stage") -> str:
    """The text of the scenario run in full."""
    return stage.main.inspector.view.text


def detail(stage: "Stage") -> str:
    """The text of the run in full."""
    return stage.main.detail.view.text
