"""What is known: records, reading and importing them, case text, language, and the store of record."""

VERSION = "0.1.0"
