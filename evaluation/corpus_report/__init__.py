"""The corpus report: what is wrong with a knowledge base, and what to do about it."""
