"""QuickText templates: which merge fields and filters they may use, how they are parsed, and what is checked."""
