"""How Celery talks to Redis, so that the work of a killed worker comes back within seconds."""

# An abandoned message is handed out again after visibility_timeout; every task's hard limit lies well
# below it, and nothing is ever scheduled with an ETA (due times are rows), so no task runs twice by time alone.
BROKER_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
}
HARD_TIME_LIMIT = 300
SOFT_TIME_LIMIT = 240
