"""The HTTP API: each view parses, calls one use case and serialises."""
