"""How an action says no, in every room."""

STALE = "Someone changed this while you were writing. Your words are below, theirs beside them."


class Refused(Exception):
    """A rule says no. The message is for the person, in plain words; `field` is where it belongs."""

    def __init__(self, message, field=None):
        super().__init__(message)
        self.field = field


class ChangedMeanwhile(Refused):
    """Someone else saved first. Nothing was written: both texts go back to the writer.

    `current` is the row as it stands now, where the view needs it.
    """

    def __init__(self, message=STALE, current=None):
        super().__init__(message)
        self.current = current
