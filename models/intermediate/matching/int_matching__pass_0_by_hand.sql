with {{ rows_by_hand('= 2') }}

{{ crowded_pairs('sides') }}
