"""From checked files to the index: what is inferred, judged, written down and published."""
