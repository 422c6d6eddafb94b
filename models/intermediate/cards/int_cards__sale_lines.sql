with

all_lines as (
    {% for model in ['int_cards__unica', 'int_cards__cielo', 'int_cards__rede'] %}
        select * from {{ ref(model) }} {{ 'union all' if not loop.last }}
    {% endfor %}
),

keyed as (
    select
        all_lines.*,
        {{ key_hash('sale', ['tenant_id', 'source', 'source_account', 'sale_id']) }} as sale_key,
        {{ key_hash('part', ['tenant_id', 'source', 'source_account', 'sale_id', 'instalment', 'stage']) }} as part_key,
        {{ key_hash('facts', ['currency', 'gross_minor', 'net_minor']) }} as money_facts
    from all_lines
),

-- Other money under the same name is not the same line: both stay, and both say so.
compared as (
    select
        keyed.*,
        min(money_facts) over (partition by part_key) != max(money_facts) over (partition by part_key) as has_conflict
    from keyed
)

select
    compared.*,
    {{ key_hash('csale', ['part_key', "case when has_conflict then money_facts end"]) }} as card_sale_id
from compared
