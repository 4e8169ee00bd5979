use async_trait::async_trait;
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    OrgId, UserId,
    org::{Org, OrgKind, OrgName, OrgWithRole},
    pagination::{Page, PageQuery},
    ports::{OrgRepository, StorageError},
};
use tracing::Instrument;

use crate::storage::{
    sql::{
        column::{DbId, DbTime},
        dialect,
        dispatch::{read, sql_span, write},
        row::{corrupt, one_more, role_from_db},
        schema::{memberships, orgs},
    },
    unit_of_work::SqlUnitOfWork,
};

pub(crate) type OrgRow = (DbId, String, String, DbTime);

pub(crate) fn org(row: OrgRow) -> Result<Org, StorageError> {
    let (id, name, kind, created_at) = row;
    Ok(Org {
        id: id.into(),
        name: OrgName::parse(&name).map_err(|e| corrupt("orgs", "name", id, &e))?,
        kind: OrgKind::parse(&kind).ok_or_else(|| corrupt("orgs", "kind", id, &kind))?,
        created_at: created_at.into(),
    })
}

fn workspace((row, role): (OrgRow, String)) -> Result<OrgWithRole, StorageError> {
    let role = role_from_db(&role, "memberships", row.0)?;
    Ok(OrgWithRole { org: org(row)?, role })
}

#[async_trait]
impl OrgRepository for SqlUnitOfWork {
    async fn insert(&mut self, org: &Org) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::insert_into(orgs::table)
                .values((
                    orgs::id.eq(DbId::from(org.id)),
                    orgs::name.eq(org.name.as_str()),
                    orgs::kind.eq(org.kind.as_str()),
                    orgs::created_at.eq(DbTime::from(org.created_at)),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn find(&mut self, id: OrgId) -> Result<Option<Org>, StorageError> {
        let row = read!(self, |conn| {
            orgs::table.find(DbId::from(id)).first::<OrgRow>(conn).await.optional()
        })?;
        row.map(org).transpose()
    }

    async fn find_for(
        &mut self,
        id: OrgId,
        user_id: UserId,
    ) -> Result<Option<OrgWithRole>, StorageError> {
        let row = read!(self, |conn| {
            memberships::table
                .inner_join(orgs::table.on(orgs::id.eq(memberships::org_id)))
                .filter(
                    memberships::user_id
                        .eq(DbId::from(user_id))
                        .and(memberships::org_id.eq(DbId::from(id))),
                )
                .select((orgs::all_columns, memberships::role))
                .first::<(OrgRow, String)>(conn)
                .await
                .optional()
        })?;
        row.map(workspace).transpose()
    }

    async fn list_for(
        &mut self,
        user_id: UserId,
        page: PageQuery<OrgId>,
    ) -> Result<Page<OrgWithRole, OrgId>, StorageError> {
        // IDs sort by creation time.
        let before = DbId::from(page.after.unwrap_or(OrgId::LAST));
        let rows = read!(self, |conn| {
            memberships::table
                .inner_join(orgs::table.on(orgs::id.eq(memberships::org_id)))
                .filter(
                    memberships::user_id
                        .eq(DbId::from(user_id))
                        .and(memberships::org_id.lt(before)),
                )
                .order(memberships::org_id.desc())
                .limit(one_more(page.limit))
                .select((orgs::all_columns, memberships::role))
                .load::<(OrgRow, String)>(conn)
                .await
        })?;
        let found = rows.into_iter().map(workspace).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(found, page.limit, |workspace| workspace.org.id))
    }

    async fn list(&mut self, page: PageQuery<OrgId>) -> Result<Page<Org, OrgId>, StorageError> {
        let before = DbId::from(page.after.unwrap_or(OrgId::LAST));
        let rows = read!(self, |conn| {
            orgs::table
                .filter(orgs::id.lt(before))
                .order(orgs::id.desc())
                .limit(one_more(page.limit))
                .load::<OrgRow>(conn)
                .await
        })?;
        let found = rows.into_iter().map(org).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(found, page.limit, |org| org.id))
    }

    async fn lock(&mut self, id: OrgId) -> Result<bool, StorageError> {
        dialect::lock_org(self, id.into()).instrument(sql_span!("read")).await
    }

    async fn rename(&mut self, id: OrgId, name: &OrgName) -> Result<bool, StorageError> {
        let renamed = write!(self, |conn| {
            diesel::update(orgs::table.find(DbId::from(id)))
                .set(orgs::name.eq(name.as_str()))
                .execute(conn)
                .await
        })?;
        Ok(renamed == 1)
    }

    async fn delete(&mut self, id: OrgId) -> Result<bool, StorageError> {
        let deleted = write!(self, |conn| {
            diesel::delete(orgs::table.find(DbId::from(id))).execute(conn).await
        })?;
        Ok(deleted == 1)
    }
}
