{{ closed_months() }}
