"""How it is found: encoder, text analysis, lexical and vector search, snapshots, builder and searcher."""
