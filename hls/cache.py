"""A cache that may be away: pages and saving go on without Redis."""

import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

# How long Redis is left alone after it did not answer: one slow page, not every page.
REST = 5


class KeptClient(RedisCacheClient):
    """Makes the client of a pool once and not for each command, which took longer than the command."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]

    def count(self, key, by, timeout):
        steps = self.get_client(key, write=True).pipeline(transaction=False)
        steps.set(key, 0, ex=timeout, nx=True)
        steps.incrby(key, by)
        return steps.execute()[-1]


class ForgivingRedisCache(RedisCache):
    """Redis when it answers, this process's own memory when it does not.

    Only counters of rate limits live here, so falling back loosens a limit by the number of
    processes and loses nothing a person wrote.
    """

    _away_until = 0.0  # shared by all threads: one of them finding out is enough

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = KeptClient
        self._fallback = LocMemCache("when-redis-is-away", {**params, "OPTIONS": {}})

    def _try(self, method, *args, **kwargs):
        return self._either(getattr(super(), method), getattr(self._fallback, method), *args, **kwargs)

    @staticmethod
    def _either(in_redis, in_memory, *args, **kwargs):
        if time.monotonic() >= ForgivingRedisCache._away_until:
            try:
                return in_redis(*args, **kwargs)
            except (RedisError, OSError):
                ForgivingRedisCache._away_until = time.monotonic() + REST
        return in_memory(*args, **kwargs)

    def count(self, key, by, timeout):
        """Add to a counter that begins with its first call and ends by itself, `timeout` seconds later: in one step."""
        return self._either(self._count_in_redis, self._count_in_memory, key, by, timeout)

    def _count_in_redis(self, key, by, timeout):
        return self._cache.count(self.make_and_validate_key(key), by, timeout)

    def _count_in_memory(self, key, by, timeout):
        self._fallback.add(key, 0, timeout)
        try:
            return self._fallback.incr(key, by)
        except ValueError:  # it ended between the two lines
            return by

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._try("add", key, value, timeout, version)

    def get(self, key, default=None, version=None):
        return self._try("get", key, default, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._try("set", key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._try("touch", key, timeout, version)

    def delete(self, key, version=None):
        return self._try("delete", key, version)

    def incr(self, key, delta=1, version=None):
        return self._try("incr", key, delta, version)

    def has_key(self, key, version=None):
        return self._try("has_key", key, version)

    def clear(self):
        self._fallback.clear()
        return self._try("clear")
