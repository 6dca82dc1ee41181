"""The commands of ``python -m evaluation``; each module adds its arguments and runs."""
