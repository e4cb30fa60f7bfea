"""Fill a database with cases in every state: some are played, and multiplied to as many as are wanted.

``prototypes`` plays them, ``crowd`` invents who brings the copies, ``copies`` multiplies rows in the
database, ``chains`` and ``writing`` hash and seal their ledger anew, ``indexes`` come last. The same
seed and moment give the same cases.
"""
