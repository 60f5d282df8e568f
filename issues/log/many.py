"""“More than a thousand” is believed for a minute: who leafs through many, or looks again, does not have them counted anew.

Only that there are many is remembered, never which; and for each asking by itself, so nobody learns from it what another
may see. What is few is counted each time.
"""

from time import monotonic

KEPT, SECONDS = 1000, 60


class Many:
    """Which askings are known to find as many as anybody counts, and until when."""

    def __init__(self):
        self._until = {}

    def knows(self, asked):
        return self._until.get(asked, 0) > monotonic()

    def remember(self, asked):
        if len(self._until) >= KEPT:
            self._until.clear()
        self._until[asked] = monotonic() + SECONDS
