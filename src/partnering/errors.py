"""Errors: what happened, where, and how to mend it.

Every error a user can meet is a :class:`PartneringError`. The command line prints
its three parts and leaves with ``exit_code``; the web answers with ``http_status``.
"""

from __future__ import annotations


class PartneringError(Exception):
    """Base of all errors raised on purpose.

    ``message`` says what happened, ``where`` is a ``file:line`` or an IRI, and
    ``mend`` tells the reader what to do about it.
    """

    exit_code = 1
    http_status = 500

    def __init__(self, message: str, *, where: str | None = None, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.mend:
            parts.append(f"To mend: {self.mend}")
        return "\n".join(parts)


class WrongUse(PartneringError, ValueError):
    """The caller asked for something that does not exist or does not fit."""

    exit_code = 2
    http_status = 400


class NotFound(WrongUse):
    """The named thing (question, case, term, snapshot) is not there."""

    http_status = 404


class Missing(PartneringError):
    """Something needed is not installed or not attached (Java, the report, an extra)."""

    exit_code = 3
    http_status = 503


class ReadError(PartneringError, ValueError):
    """A file could not be parsed."""

    http_status = 400


class SourceError(PartneringError, ValueError):
    """The source text, or an anchor into it, does not hold."""


class CheckFailed(PartneringError):
    """A gate found something wrong; the last good index stays."""


class QueryError(PartneringError):
    """Base of what can go wrong with a query."""

    http_status = 400


class QuerySyntax(QueryError, ValueError):
    """The query does not parse."""


class QueryRefused(QueryError, ValueError):
    """The gate refused the query before it was run (too deep, too long, reaching out)."""


class QueryTimeout(QueryError):
    """The query did not finish before its deadline."""

    http_status = 503


class QueryTooLarge(QueryError):
    """The query needed more memory, rows or bytes than one query may have.

    400 and not 503: it would be too large tomorrow as well, so nobody is told to come back.
    """


class Busy(QueryError):
    """Every reader is at work and the waiting room is full; come back in ``retry_after`` seconds."""

    http_status = 503

    def __init__(
        self,
        message: str,
        *,
        retry_after: int = 1,
        where: str | None = None,
        mend: str | None = None,
    ) -> None:
        super().__init__(message, where=where, mend=mend)
        self.retry_after = retry_after


class EngineUnavailable(QueryError):
    """The engine did not answer, or answered nonsense."""

    http_status = 502
