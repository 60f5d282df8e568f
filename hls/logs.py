"""Logs: one JSON line a fact. No names, words, queries or tokens: ids, routes and times only."""

import re
import sys
import traceback
from typing import Any

import structlog

# What may hold a person's words, or show who they are and where.
PRIVATE = ("query", "body", "data", "user_agent", "user_email", "ip", "referer", "args", "kwargs", "result")
# Parts of an address that open something: reset keys, invitations and other long secrets.
SECRET_PART = re.compile(
    r"(?<=/)(?:[0-9A-Za-z]+-set-password|[0-9A-Za-z]+-[0-9a-z]{4,}-[0-9a-f]{20,}|[\w=-]{32,})(?=[/.]|$)"
)
QUERY = re.compile(r"(/[^\s?]*)\?\S*")


def drop_words(_logger, _method, event):
    """Keep an address's path out of the log when it carries a token; drop what could hold a person's words."""
    for key in PRIVATE:
        event.pop(key, None)
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_tokens(value)
    return event


def without_tokens(text):
    """The path without what opens it or what was searched for: ids stay, secrets and queries go."""
    return SECRET_PART.sub("…", QUERY.sub(r"\1?…", text))


def name_the_error(_logger, _method, event):
    """Of an exception its kind and where it came from; its message may quote what somebody wrote."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[0] is not None:
        frames = traceback.extract_tb(error[2])[-12:]
        event["error"] = error[0].__name__
        event["at"] = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in frames]
    event.pop("exception", None)
    return event


def name_the_task(_logger, _method, event):
    """Celery says in one sentence which task failed and with what words; only the first is kept."""
    record = event.get("_record")
    if record is not None and record.name.startswith("celery.") and isinstance(getattr(record, "data", None), dict):
        event["task"], event["task_id"] = record.data.get("name"), record.data.get("id")
        event["event"] = f"task {record.data.get('description', 'note')}"
    return event


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_log_level,
    name_the_error,
    name_the_task,
    drop_words,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,  # what nobody writes down is not put together either
        *PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": PROCESSORS,
        }
    },
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # the request line of structlog already says 404
        "django.security": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "notifications_python_client": {"level": "ERROR"},  # its warnings may quote a number
        "urllib3": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
