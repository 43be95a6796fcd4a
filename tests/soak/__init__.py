"""Days of polling in minutes: what the app holds at the start, in the middle and at the end."""
