"""Which form an answer takes: ``format=`` first, then ``Accept``.

The same few headers come again and again; what they mean is worked out once.
"""

from __future__ import annotations

from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from partnering.errors import WrongUse
from partnering.store.media import MediaType

HTML = ("text/html", "application/xhtml+xml")


class NotAcceptable(WrongUse):
    """Nothing on offer is what was asked for."""

    http_status = 406


@lru_cache(maxsize=256)
def choose(accept: str, named: str | None, offers: tuple[MediaType, ...]) -> MediaType:
    """The form to answer in; the first offer where all are equally welcome.

    ``accept`` is the header, or nothing. Raises ``NotAcceptable``, whose ``mend`` lists what is
    on offer.
    """
    if named is not None:
        wanted = named.split(";")[0].strip().lower().replace(" ", "+")
        for offer in offers:
            if wanted in (offer.name, offer.media_type, *offer.aliases, *offer.nicknames):
                return offer
        raise _nothing(f"format={named}", offers)
    bare = _bare(accept)
    if not bare:
        return offers[0]
    wishes = {kind for kind, _ in bare}
    best, weight = None, 0.0
    for offer in offers:
        # An alias counts where it is named: the answer to text/* is to be text.
        kinds = (offer.media_type, *(alias for alias in offer.aliases if alias in wishes))
        # Strictly better only: among equals the first offer wins.
        quality = max(bare.quality(kind) for kind in kinds)
        if quality > weight:
            best, weight = offer, quality
    if best is None:
        raise _nothing(f"Accept: {parse_accept_header(accept, MIMEAccept)}", offers)
    return best


@lru_cache(maxsize=256)
def prefers_html(accept: str, offers: tuple[MediaType, ...]) -> bool:
    """Whether a person is asking with a browser: HTML is named and nothing of ours before it."""
    bare = _bare(accept)
    named = {kind for kind, _ in bare}
    if not named & set(HTML):
        return False
    html = max(bare.quality(kind) for kind in HTML)
    ours = [bare.quality(offer.media_type) for offer in offers if offer.media_type in named]
    return html > 0 and html >= max(ours, default=0.0)


def _bare(accept: str) -> MIMEAccept:
    """The wishes without parameters: ``text/csv; charset=utf-8`` is a wish for CSV."""
    wishes = parse_accept_header(accept, MIMEAccept)
    return MIMEAccept((kind.partition(";")[0].strip().lower(), weight) for kind, weight in wishes)


def _nothing(asked: str, offers: tuple[MediaType, ...]) -> NotAcceptable:
    on_offer = ", ".join(f"{offer.media_type} (format={offer.name})" for offer in offers)
    return NotAcceptable(f"No answer can be given as {asked}.", mend=f"ask for one of {on_offer}")
