"""The question bank and the daily quiz."""
