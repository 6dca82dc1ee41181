"""Foreign exports turned into a canonical corpus folder: begin with ``command`` and ``fates``."""
