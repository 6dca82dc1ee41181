"""A knowledge manager's week against a running service under load."""
