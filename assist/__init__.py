"""What to suggest for a case, and serving it over REST and the command line."""
