"""Jobs and timers."""

from __future__ import annotations

import click


@click.command()
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1), help="Jobs at a time.")
@click.option("--once", is_flag=True, help="Do what is waiting, then end.")
@click.option("--name", default="worker", show_default=True, help="How it is called in the log.")
def worker(concurrency: int, once: bool, name: str) -> None:
    """Do jobs until told to stop; SIGTERM lets running jobs finish.

    Many workers may run, on many machines. One that is killed stops reporting, and its jobs are
    taken over by the others within about half a minute.

    \b
    qitong worker --concurrency 8
    qitong worker --once
    """
    from qitong.cli import use_django
    from qitong.server.memory import few_arenas

    few_arenas()
    use_django()
    from qitong.server.working import work

    work(concurrency=concurrency, once=once, name=name)
