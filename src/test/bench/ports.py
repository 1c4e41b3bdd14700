"""Ports that nobody listens on."""

import itertools
import os
import socket

FIRST, LAST = 21_000, 31_000
# Another bench on this machine most likely begins elsewhere, so that neither takes what the other was given.
_given = itertools.count(FIRST + os.getpid() * 10 % 8_000, 10)


def free(*offsets):
    """A port that is free, as are those that lie so much above it. Never the same twice."""
    for port in _given:
        if port > LAST:
            raise RuntimeError(f"no free port between {FIRST} and {LAST}")
        if all(is_free(port + offset) for offset in (0, *offsets)):
            return port


def is_free(port):
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
