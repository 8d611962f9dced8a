"""What every API answer has in common."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Errors are {"detail": sentence}; those of single fields come along as {"errors": {field: [sentence]}}."""
    response = rest_exception_handler(error, context)
    if response is None or not isinstance(error, ValidationError):
        return response
    data = response.data
    if isinstance(data, dict) and set(data) == {"detail"}:
        detail = data["detail"]
        response.data = {"detail": detail[0] if isinstance(detail, list) else detail}
    elif isinstance(data, list):
        response.data = {"detail": " ".join(map(str, data))}
    else:
        response.data = {"detail": describe(data), "errors": data}
    return response


def describe(errors: dict[str, Any]) -> str:
    """{"file": ["Too large."]} -> "file: Too large."; errors of no single field stand alone."""
    parts = []
    for field, messages in errors.items():
        text = " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
        parts.append(text if field == "non_field_errors" else f"{field}: {text}")
    return " ".join(parts)
