-- A file of the tenant: rules hold for tenants that have sent something.
insert into ops.documents
(document_id, tenant_id, source, name, sha256, received_at, state)
values
('bench', 'default', 'bench', 'bench', 'bench', timestamp '2026-11-01', 'bench')
