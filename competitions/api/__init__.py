"""The REST API: parse, call one action or query, answer. Errors are {"detail": sentence}."""
