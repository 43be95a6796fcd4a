"""The widgets, named by what they show."""
