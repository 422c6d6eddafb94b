-- Append only, kept through --full-refresh: what the books in one currency said, build by build, so that a closed month stays. A build
-- as of an earlier moment writes nothing.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

{% set written = this if is_incremental() else none -%}
{{ functional_lines_to_write(written, looks_ahead(written, ref('int_fx__moments'))) }}
