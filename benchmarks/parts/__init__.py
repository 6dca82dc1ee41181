"""One module for each part that can be measured; each returns plain data for its results file."""
