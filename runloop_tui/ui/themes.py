"""The dark and the light theme. Which colour means what stands in styles/tones.tcss."""

from textual.theme import Theme

DARK = Theme(
    name="runloop-dark",
    primary="#7aa2f7",
    secondary="#89ddff",
    accent="#7dcfff",
    success="#7fc98a",
    warning="#e0af68",
    error="#f7768e",
    foreground="#c8d0e0",
    background="#12151c",
    surface="#171b24",
    panel="#1f2530",
    dark=True,
    variables={"muted": "#7f889c", "cursor": "#2c3a5e", "cursor-resting": "#232a38"},
)

LIGHT = Theme(
    name="runloop-light",
    primary="#2b59c3",
    secondary="#0b6e99",
    accent="#0b6e99",
    success="#1f7a34",
    warning="#8a5a00",
    error="#b3213f",
    foreground="#20242c",
    background="#f7f8fa",
    surface="#eef0f4",
    panel="#e0e4eb",
    dark=False,
    variables={"muted": "#666e7d", "cursor": "#c3d3f7", "cursor-resting": "#dde3ee"},
)
