"""What was seen of runs, kept in one SQLite file: runs, scenario runs, first failures, events, the last look.

Never kept: keys, values of metadata and environments, logs, outputs of scorers. Imported only where a history is used.
"""
