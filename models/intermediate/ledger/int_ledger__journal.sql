-- Append only, kept through --full-refresh: nothing in it is ever changed. A build as of an earlier moment than what people closed or
-- believed by writes nothing, nor does one with a fault, whether or not the tests that stop it run, and whatever of the room is built.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

{% set may_write = [
    looks_ahead(this if is_incremental() else none, ref('int_ledger__moments')),
    'not exists (select 1 from ' ~ ref('int_ledger__rule_faults') ~ ')',
    'not exists (select 1 from ' ~ ref('int_ledger__one_sided') ~ ')',
    'not exists (select 1 from ' ~ ref('int_ledger__lost_books') ~ ')',
] | join(' and ') -%}
{{ journal_lines_to_write(this if is_incremental() else none, may_write) }}
