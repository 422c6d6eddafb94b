-- Of a build as of an earlier moment: what a build of that moment would have written. Of any other build nothing.
{% set written = ref('int_fx__written') -%}
{{ functional_lines_to_write(written, 'not ' ~ looks_ahead(written, ref('int_fx__moments'))) }}
