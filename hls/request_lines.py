"""The log's line of each request, without the work for lines that nobody writes down."""

import logging
import uuid

from django_structlog.middlewares import RequestMiddleware
from structlog.contextvars import bind_contextvars, clear_contextvars

LINES = logging.getLogger("django_structlog.middlewares.request")


class RequestLines(RequestMiddleware):
    """What is logged on the way still says which request it was, and whose."""

    def prepare(self, request):
        if LINES.isEnabledFor(logging.INFO):
            super().prepare(request)
        else:
            bind_contextvars(request_id=str(uuid.uuid4()))
            self.bind_user_id(request)

    def handle_response(self, request, response):
        is_plain = response.status_code < 400 and not response.streaming and not hasattr(request, "_raised_exception")
        if is_plain and not LINES.isEnabledFor(logging.INFO):
            clear_contextvars()
        else:
            super().handle_response(request, response)
