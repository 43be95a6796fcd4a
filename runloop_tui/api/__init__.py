"""Runloop over HTTP: one async method per operation, typed models, typed errors."""
