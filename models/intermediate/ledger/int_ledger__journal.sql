-- depends_on: {{ ref('int_ledger__rule_faults') }}
-- Append only, kept through --full-refresh: nothing in it is ever changed. A build as of an earlier moment than the last one writes nothing.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

{{ journal_lines_to_write(this if is_incremental() else none, '(select coalesce(max(recorded_at) <= ' ~ as_of() ~ ', true) from ' ~ this ~ ')') }}
