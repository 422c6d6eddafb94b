-- depends_on: {{ ref('int_ledger__rule_faults') }}
-- Append only, kept through --full-refresh: nothing in it is ever changed. A build as of an earlier moment than the last writes nothing.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

{% set is_later = '(select coalesce(max(recorded_at) <= ' ~ as_of() ~ ', true) from ' ~ this ~ ')' -%}
{{ journal_lines_to_write(this if is_incremental() else none, is_later) }}
