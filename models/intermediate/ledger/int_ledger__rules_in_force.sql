{{ rules_in_force() }}
