"""Prompts: Python text that ends where a completion begins. Imports no torch, so the web process may check them."""

from __future__ import annotations

import ast


def closed(prompt: str) -> str:
    """The prompt as a program of its own: one that ends in an open block gets a `pass`. Raises SyntaxError."""
    try:
        ast.parse(prompt)
    except SyntaxError:
        last = next((line for line in reversed(prompt.splitlines()) if line.strip()), "")
        indent = len(last) - len(last.lstrip()) + 4 * last.rstrip().endswith(":")
        prompt = f"{prompt.rstrip()}\n{' ' * indent}pass\n"
        ast.parse(prompt)
    return prompt


def entry_point_of(prompt: str) -> str:
    """The last function or class that the prompt begins; "" where there is none."""
    try:
        nodes = ast.parse(closed(prompt)).body
    except SyntaxError:
        return ""
    return next((node.name for node in reversed(nodes) if isinstance(node, (ast.FunctionDef, ast.ClassDef))), "")
