"""Pure functions over a run's scenario runs, its job and its predecessors; no screen, no clock, no request."""
