"""Mail that a page asks for at once: a reset link, an invitation. It goes out beside the request, not in it.

So a slow mail server holds up nobody, and the time of an answer never tells whether there was anyone to write
to. A mail lost with the process is asked for again by whoever waits for it; what must not be lost is a Notice.
"""

import time
from concurrent.futures import ThreadPoolExecutor, wait

import structlog

log = structlog.get_logger(__name__)
PAUSES = (0, 2, 10)  # seconds before each try
_sender = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
_under_way = set()


def send_soon(message, what):
    """Hand a finished message over. `what` names it in the log, where no address may stand."""
    task = _sender.submit(_send, message, what)
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)


def _send(message, what):
    for number, pause in enumerate(PAUSES, start=1):
        time.sleep(pause)
        try:
            message.send()
        except Exception as error:
            log.warning("mail_failed", mail=what, attempt=number, error=type(error).__name__)
        else:
            return


def drain(timeout=10):
    """Wait until what was handed over has been sent; for commands and tests."""
    wait(list(_under_way), timeout=timeout)
