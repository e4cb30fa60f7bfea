"""``python -m qitong.ledger.apart``: a process that reads parts of the ledger for ``verify``."""

from __future__ import annotations

from qitong.ledger.parts import main

if __name__ == "__main__":
    main()
