"""Engines that answer SPARQL, all behind one protocol (:mod:`partnering.store.base`)."""
