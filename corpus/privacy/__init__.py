"""People's data: what is masked in customers' texts, how agents are kept, and which figures about them may be shown."""
