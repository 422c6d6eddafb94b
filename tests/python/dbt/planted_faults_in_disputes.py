"""Faults in the disputes: SQL that damages a built sample month."""

from __future__ import annotations

from tests.python.dbt.planted_faults import Fault

EVENTS = "marts.chargeback_events"
ONE = f"(select min(transaction_id) from {EVENTS})"

FAULTS = (
    Fault(
        "chargebacks_tie",
        "a chargeback is in no dispute",
        (f"delete from {EVENTS} where transaction_id = {ONE}",),
    ),
    Fault(
        "chargebacks_tie",
        "a chargeback counts in two disputes",
        (f"insert into {EVENTS} select * from {EVENTS} where transaction_id = {ONE}",),
    ),
    Fault(
        "chargebacks_tie",
        "a dispute costs a cent less than its events moved",
        (
            "update marts.chargebacks set net_effect = net_effect + 0.01"
            f" where chargeback_id = (select chargeback_id from {EVENTS}"
            f" where transaction_id = {ONE})",
        ),
    ),
    Fault(
        "chargebacks_tie",
        "a dispute tells a cent more than was posted",
        (f"update {EVENTS} set net_minor = net_minor - 1 where transaction_id = {ONE}",),
    ),
)
