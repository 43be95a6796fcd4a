"""An embedded Runloop: a world computed from a seed and the time, behind an httpx transport."""
