"""The screens: panes of snapshots, and logs."""
