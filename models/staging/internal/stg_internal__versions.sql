{{ polled_versions('stg_internal__transactions', ['native_type']) }}
