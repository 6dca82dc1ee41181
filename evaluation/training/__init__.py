"""Learning a ranker from a deployment's own solved cases, and judging it before it serves."""
