"""A port that stays free until it is used: below those that the system hands out to whoever asks."""

import random
import socket


def free_port():
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
