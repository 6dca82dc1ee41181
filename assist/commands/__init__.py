"""The commands of ``python -m assist``; each module adds its arguments and runs."""
