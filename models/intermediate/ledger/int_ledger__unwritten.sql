-- Of a build as of an earlier moment than the journal's last: what a build of that moment would have written. Of any other build nothing.
{% set journal = ref('int_ledger__journal') -%}
{% set is_earlier = '(select coalesce(max(recorded_at) > ' ~ as_of() ~ ', false) from ' ~ journal ~ ')' -%}
{{ journal_lines_to_write(journal, is_earlier) }}
