"""Which template or article a colleague used, told from what was sent, where nobody logged it."""
