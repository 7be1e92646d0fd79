"""Which form an answer takes: ``format=`` first, then ``Accept``."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MIMEAccept

from partnering.errors import WrongUse
from partnering.store.media import MediaType

HTML = ("text/html", "application/xhtml+xml")


class NotAcceptable(WrongUse):
    """Nothing on offer is what was asked for."""

    http_status = 406


def choose(accept: MIMEAccept, named: str | None, offers: Sequence[MediaType]) -> MediaType:
    """The form to answer in; the first offer where all are equally welcome.

    Raises ``NotAcceptable``, whose ``mend`` lists what is on offer.
    """
    if named is not None:
        wanted = named.split(";")[0].strip().lower().replace(" ", "+")
        for offer in offers:
            if wanted in (offer.name, offer.media_type, *offer.aliases, *offer.nicknames):
                return offer
        raise _nothing(f"format={named}", offers)
    if not accept:
        return offers[0]
    bare = _bare(accept)
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
        raise _nothing(f"Accept: {accept}", offers)
    return best


def prefers_html(accept: MIMEAccept, offers: Sequence[MediaType]) -> bool:
    """Whether a person is asking with a browser: HTML is named and nothing of ours before it."""
    accept = _bare(accept)
    named = {kind for kind, _ in accept}
    if not named & set(HTML):
        return False
    html = max(accept.quality(kind) for kind in HTML)
    ours = [accept.quality(offer.media_type) for offer in offers if offer.media_type in named]
    return html > 0 and html >= max(ours, default=0.0)


def _bare(accept: MIMEAccept) -> MIMEAccept:
    """The same wishes without parameters: ``text/csv; charset=utf-8`` is a wish for CSV."""
    return MIMEAccept((kind.partition(";")[0].strip().lower(), weight) for kind, weight in accept)


def _nothing(asked: str, offers: Sequence[MediaType]) -> NotAcceptable:
    on_offer = ", ".join(f"{offer.media_type} (format={offer.name})" for offer in offers)
    return NotAcceptable(f"No answer can be given as {asked}.", mend=f"ask for one of {on_offer}")
