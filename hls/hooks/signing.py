"""Signed as standard-webhooks writes it, so that a receiver can use the library of its own language."""

import base64
import hashlib
import hmac

from hls.hooks.models import BEGINS


def signature(secret, uid, timestamp, body):
    """HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix(BEGINS))
    signed = f"{uid}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(message, body, now):
    uid, timestamp = f"msg_{message.uid.hex}", str(int(now.timestamp()))
    signed = " ".join(signature(secret, uid, timestamp, body) for secret in message.hook.secrets(now))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Cairn-Hooks/1",
        "webhook-id": uid,
        "webhook-timestamp": timestamp,
        "webhook-signature": signed,
    }
