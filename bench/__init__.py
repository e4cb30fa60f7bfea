"""How fast it is: ``make bench`` measures what is promised and writes ``docs/benchmarks.md``.

``loader/`` fills a database with cases whose histories were played by the program itself and then
multiplied; each other module measures one thing and prints JSON, also by itself:
``python -m bench.inbox --cases 10000``.
"""
