"""Systems asked the same questions about the same documents, each a program of its own."""
