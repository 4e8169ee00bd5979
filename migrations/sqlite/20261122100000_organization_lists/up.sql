-- An organization's members and invites are listed by ID, newest first.
DROP INDEX memberships_org;
CREATE INDEX memberships_org ON memberships (org_id, user_id);
CREATE INDEX invites_org ON invites (org_id, id);
