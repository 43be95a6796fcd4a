"""No module of the package imports itself by a detour, not even for its types."""

import grimp


def test_no_import_circle() -> None:
    graph = grimp.build_graph("runloop_tui", cache_dir=None)
    circles = {
        module: imported
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if graph.find_shortest_chain(imported, module)
    }
    assert circles == {}
