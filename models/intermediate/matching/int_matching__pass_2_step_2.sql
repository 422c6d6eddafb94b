with {{ open_rows(['pass_2_step_1']) }},

{{ key_candidates('open_rows', pass=2, step=2) }},

{{ ruled_keys() }},

{{ paired_on_key() }}

{{ settled_rows() }}
union all
select * from decided
