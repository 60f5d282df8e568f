"""Numbers, dates and times, in the words people say."""

from datetime import date, datetime

from django.utils import timezone

FEW = 5  # fewer lives than this could point to someone


def few(count):
    """A count of lives that is too small to show is never shown."""
    if count is None or count == "":
        return ""
    return f"fewer than {FEW}" if int(count) < FEW else f"{int(count):,}"


def lives(count):
    if count is None or count == "":
        return ""
    return "no one yet" if int(count) == 0 else f"{few(count)} people"


def _here(value):
    """A moment as the clocks here show it; anything else as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _date(value):
    """The day, here, of a date or a moment."""
    if isinstance(value, datetime):
        return _here(value).date()
    return value if isinstance(value, date) else None


def _today():
    """`timezone.localdate()` in one step; a page asks for it a dozen times."""
    return datetime.now(timezone.get_current_timezone()).date()


def iso(value):
    """The day, here, as a machine reads it."""
    return on.isoformat() if (on := _date(value)) else ""


def ago_days(value, today=None):
    if (on := _date(value)) is None:
        return ""
    days = ((today or _today()) - on).days
    if days <= 0:
        return "today"
    return "1 day" if days == 1 else f"{days:,} days"


def day(value, today=None):
    if (on := _date(value)) is None:
        return ""
    words = f"{on.day} {on:%B}"
    return words if on.year == (today or _today()).year else f"{words} {on.year}"


def clock(value):
    if value is None or value == "":
        return ""
    value = _here(value)
    half = "am" if value.hour < 12 else "pm"
    return f"{value.hour % 12 or 12}:{value.minute:02}{half}"


def moment(value, today=None):
    if not isinstance(value, datetime):
        return day(value, today)
    here = _here(value).replace(tzinfo=None)  # worked out once for both
    return f"{day(here, today)}, {clock(here)}"
