"""The controllers, one per task: confirm in dialogs, act through the connection, notify the outcome."""
