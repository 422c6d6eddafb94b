"""The tables of operations that a closed month of rewards is kept in.

In: nothing. Out: REWARD_TABLES, which ingestion.landing.schema makes, and CLOSED_REWARD_FIGURES.
"""

from __future__ import annotations

# Figures of marts.reward_customer_months that a closed month keeps.
CLOSED_REWARD_FIGURES = (
    *("earned_minor", "spent_minor", "expired_minor", "reversed_minor", "unfunded_minor"),
    *("closing_minor", "event_count"),
)

REWARD_TABLES: dict[str, dict[str, str]] = {
    "closed_reward_periods": {
        "close_id": "text primary key",
        "tenant_id": "text not null",
        "period": "date not null",
        "from_period": "date",
        "fingerprint": "text not null",
        "closed_by": "text not null",
        "closed_at": "timestamp not null",
        "reason": "text",
        "is_forced": "boolean not null",
        "built_as_of": "timestamp",
        "reopened_by": "text",
        "reopened_at": "timestamp",
        "reopen_reason": "text",
    },
    "closed_reward_months": {
        "close_id": "text not null",
        "tenant_id": "text not null",
        "customer_id": "text not null",
        "currency": "text not null",
        "period": "date not null",
        **dict.fromkeys(CLOSED_REWARD_FIGURES, "bigint not null"),
        "rows_print": "decimal(38,0) not null",
    },
}
