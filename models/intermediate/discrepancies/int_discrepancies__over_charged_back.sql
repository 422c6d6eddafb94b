{{ overreturned_break('over_charged_back', 'charged back, less what was won') }}
