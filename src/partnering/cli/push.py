"""``partnering push``: publish to a remote engine."""

from __future__ import annotations

import click

from partnering.cli import configured, endpoint
from partnering.errors import WrongUse
from partnering.workspace import Workspace


@click.command()
@configured.workspace("push")
@endpoint.address(help="Where the engine takes queries.", required=True)
@configured.option("--update-endpoint", metavar="URL",
                   help="Where it takes updates; else guessed from its other address.")  # fmt: skip
@configured.option("--store-endpoint", metavar="URL",
                   help="Where it takes whole graphs (Graph Store Protocol); else by updates.")  # fmt: skip
@endpoint.auth
@configured.option("--timeout", default=120.0, type=click.FloatRange(1, 3600),
                   help="Seconds one graph may take.")  # fmt: skip
@click.option("--full", is_flag=True, help="Send every graph, whatever is over there.")
@click.option("--loaded", is_flag=True,
              help="Send nothing: count what the engine's own loader brought, and mark it whole.")  # fmt: skip
def push(
    workspace: Workspace,
    endpoint: str,
    update_endpoint: str | None,
    store_endpoint: str | None,
    auth: str | None,
    timeout: float,
    full: bool,
    loaded: bool,
) -> None:
    """Build what is stale, then bring the index to a SPARQL engine, for 'serve --endpoint'.

    Only graphs that changed travel, generated ones too. The store is marked as whole last, so
    that a push that breaks off is never taken for one; the next goes on where it stopped.
    """
    from partnering import push as pushing
    from partnering.cli.endpoint import signed
    from partnering.pipeline.build import build
    from partnering.store.remote import RemoteEngine
    from partnering.store.writer import Addresses, Writer

    if full and loaded:
        raise WrongUse("--full and --loaded do not go together.", mend="leave one out")
    who = signed(auth)
    engine = RemoteEngine(endpoint, auth=who, timeout=timeout)
    guessed = Addresses.guess(endpoint, engine.server)
    addresses = Addresses(
        update_endpoint or guessed.update,
        store_endpoint or (None if update_endpoint else guessed.store),
    )
    writer = Writer(addresses, auth=who, timeout=timeout)
    index = build(workspace, echo=click.echo).index
    click.echo(f"Pushing to {addresses.store or addresses.update}")
    done = pushing.push(index, engine, writer, full=full, loaded=loaded, echo=click.echo)
    click.echo(
        f"{done.sent} graphs sent ({done.triples:,} triples), {done.kept} unchanged,"
        f" {done.dropped} taken away"
    )
    click.echo(f"The engine holds snapshot {index.snapshot}, whole")
