"""What stands between Textual and a terminal that may be slow, far away, or gone."""
