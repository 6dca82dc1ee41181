"""The commands of ``python -m index``, one module each."""
