"""How often the formulas of `runloop_tui/analysis` are right, on simulated runs: `python -m tests.simulations`."""
