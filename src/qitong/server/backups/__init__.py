"""Everything there is, copied to a folder and brought back: ``qitong backup`` and ``qitong restore``.

The folder holds ``database.dump`` (``pg_dump --format=custom``), ``files/ab/cd/abcd…`` (each named by its
SHA-256), ``files.txt`` (what should be there) and, written last, ``manifest.json``. Without that the
backup is not complete.
"""
