-- Of a build as of an earlier moment than the journal's last: what a build of that moment would have written. Of any other build nothing.
{% set journal = ref('int_ledger__journal') -%}
{{ journal_lines_to_write(journal, 'not ' ~ looks_ahead(journal, ref('int_ledger__moments'))) }}
