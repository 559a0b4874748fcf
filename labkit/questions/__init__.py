"""The question banks: schema, loader and validator."""
