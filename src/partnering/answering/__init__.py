"""Saved questions, their answers, and what stands behind every row."""
