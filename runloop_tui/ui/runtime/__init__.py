"""The app's runtime: what lies between Textual and a terminal that may be slow, remote or closed."""
