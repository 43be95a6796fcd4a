"""Logs fetched to disk, safely."""
