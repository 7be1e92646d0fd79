"""Options that name a remote engine, shared by ``serve`` and ``push``."""

from __future__ import annotations

from typing import Any

from partnering.cli import configured
from partnering.errors import WrongUse
from partnering.store.signing import Auth

auth = configured.option(
    "--auth", secret=True, metavar="NAME:PASSWORD",
    help="Shown where the engine asks for it, as basic or digest. Better in the environment.",
)  # fmt: skip


def address(**more: Any) -> configured.Decorator:
    """``--endpoint``."""
    return configured.option("--endpoint", metavar="URL", **more)


def signed(given: str | None) -> Auth | None:
    """A name and a password from what was given for ``--auth``."""
    if not given:
        return None
    user, colon, password = given.partition(":")
    if not colon or not user:
        raise WrongUse("--auth holds no name and password.", mend="write it as name:password")
    return Auth(user, password)
