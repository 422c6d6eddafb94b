-- Of a build as of an earlier moment than the journal's last: what a build of that moment would have written. Of any other build nothing.
{{ journal_lines_to_write(ref('int_ledger__journal'), '(select coalesce(max(recorded_at) > ' ~ as_of() ~ ', false) from ' ~ ref('int_ledger__journal') ~ ')') }}
