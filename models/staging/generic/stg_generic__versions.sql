{{ polled_versions('stg_generic__transactions', ['processor', 'native_type']) }}
