"""Merge marks of other systems, translated into Liquid; what becomes what stands in the ``.toml`` files here."""
