with {{ open_rows() }},

{{ key_candidates('open_rows', pass=2, step=1) }},

{{ ruled_keys() }},

{{ paired_on_key() }}

{{ settled_rows() }}
union all
select * from decided
