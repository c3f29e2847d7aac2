"""Logs are facts with fields: one JSON object a line, UTC, no personal data."""

from typing import Any

import structlog

# Their lines would repeat ours, or name people's addresses and payments.
QUIET = (
    "django.request",
    "django.security",
    "celery.app.trace",
    "celery.worker.strategy",
    "httpx",
    "stripe",
)


def logging_config(*, level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": [
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.stdlib.ExtraAdder(
                        allow=["order", "payment", "event", "topic", "count", "status_code", "path"]
                    ),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in QUIET},
    }
