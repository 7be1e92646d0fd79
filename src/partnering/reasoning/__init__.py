"""What a description logic reasoner says of the ontology, in a process of its own, and why, in sentences."""
