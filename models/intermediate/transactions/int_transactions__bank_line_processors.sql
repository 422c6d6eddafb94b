with

bank_lines as (
    select * from {{ ref('int_transactions__bank_lines') }}
),

rules as (
    select * from {{ ref('bank_line_rules') }}
),

line_texts as (
    select bank_line_id, amount_minor, 'counterparty_name' as field, {{ words('counterparty_name') }} as line_words
    from bank_lines
    union all
    select bank_line_id, amount_minor, 'counterparty_account' as field, {{ words('counterparty_account') }} as line_words
    from bank_lines
    union all
    select bank_line_id, amount_minor, 'remittance' as field, {{ words('remittance') }} as line_words
    from bank_lines
    union all
    select bank_line_id, amount_minor, 'additional_information' as field, {{ words('additional_information') }} as line_words
    from bank_lines
    union all
    select bank_line_id, amount_minor, 'end_to_end_id' as field, {{ words('end_to_end_id') }} as line_words
    from bank_lines
),

hits as (
    select
        line_texts.bank_line_id,
        rules.rule_id,
        rules.processor,
        rules.event_type,
        row_number() over (
            partition by line_texts.bank_line_id
            order by rules.priority, {{ bytewise('rules.rule_id') }}
        ) as place
    from line_texts
    inner join rules
        on line_texts.field = rules.field
            and rules.amount_sign in ('any', {{ amount_sign('line_texts.amount_minor') }})
            and position({{ words('rules.pattern') }} in line_texts.line_words) > 0
)

select
    bank_line_id,
    rule_id,
    processor,
    event_type
from hits
where place = 1
