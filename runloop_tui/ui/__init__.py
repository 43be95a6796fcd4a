"""The Textual app: snapshots go down, intents come up."""
