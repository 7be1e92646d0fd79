"""A knowledge graph of evidence about how organisations work together."""
