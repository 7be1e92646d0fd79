"""The web face of the knowledge graph: pages, linked data and the SPARQL endpoint."""
