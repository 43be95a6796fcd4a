"""Runloop over HTTP: one async method per operation, typed views, typed errors."""
