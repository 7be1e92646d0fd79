"""A name and a password for an endpoint, shown in the way it asks for.

Basic and digest are urllib's own. Added is memory: a server that asks with 401 while a body
is still on its way hangs up, and the body is lost (Virtuoso does, above some tens of kB). So
the challenge is fetched by a request without a body, and what comes later is signed at once.
"""

from __future__ import annotations

import contextlib
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

LARGE = 8_192
"""Bytes of a body from which on it is not sent before the challenge is known."""


@dataclass(frozen=True)
class Auth:
    """A name and a password, and how to show them; None: as the server asks."""

    user: str
    password: str
    scheme: Literal["basic", "digest"] | None = None

    def __repr__(self) -> str:
        return f"Auth({self.user!r}, '…', {self.scheme!r})"


class Signer:
    """Signs requests to one endpoint, from any number of threads."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth
        self._digest = _Memory()
        self._passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()

    def handlers(self, request: urllib.request.Request) -> list[urllib.request.BaseHandler]:
        """What an opener needs to send this request signed."""
        self._passwords.add_password(
            None,  # any realm
            request.full_url,
            self._auth.user,
            self._auth.password,
        )
        found: list[urllib.request.BaseHandler] = []
        if self._auth.scheme != "basic":
            found.append(_Digest(self._passwords, self._digest))
        if self._auth.scheme != "digest":
            found.append(_Basic(self._passwords))
        return found

    def must_ask_first(self, request: urllib.request.Request) -> bool:
        """Whether a body should wait until it is known how to sign it."""
        held = request.data
        large = isinstance(held, bytes) and len(held) > LARGE
        return large and self._auth.scheme != "basic" and self._digest.challenge is None


class _Memory:
    """The last digest challenge and how often it was answered (RFC 7616, 3.4: the count grows)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.challenge: dict[str, str] | None = None
        self.count = 0


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Answers challenges, and signs with the last one before it is asked again."""

    def __init__(self, passwords: Any, memory: _Memory) -> None:
        super().__init__(passwords)
        self._memory = memory

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        challenge = self._memory.challenge
        if challenge and not request.has_header(self.auth_header):
            signed = self.get_authorization(request, challenge)
            if signed:
                request.add_unredirected_header(self.auth_header, f"Digest {signed}")
        return request

    https_request = http_request

    def get_authorization(self, req: urllib.request.Request, chal: Mapping[str, str]) -> Any:
        memory = self._memory
        with memory.lock:
            known = memory.challenge is not None and memory.challenge["nonce"] == chal.get("nonce")
            if not known and "nonce" in chal:
                memory.challenge, memory.count = dict(chal), 0
            self.last_nonce, self.nonce_count = chal.get("nonce"), memory.count
            signed = super().get_authorization(req, chal)
            memory.count = self.nonce_count
            return signed


class _Basic(urllib.request.HTTPBasicAuthHandler):
    """Answers a challenge for basic, and leaves every other one to somebody else."""

    def http_error_auth_reqed(self, *given: Any) -> Any:
        with contextlib.suppress(ValueError):
            return super().http_error_auth_reqed(*given)
        return None
