DROP INDEX invites_org;
DROP INDEX memberships_org;
CREATE INDEX memberships_org ON memberships (org_id);
