"""Questions asked before something happens, and panels over the main screen."""
