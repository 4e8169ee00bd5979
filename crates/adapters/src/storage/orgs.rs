use async_trait::async_trait;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    OrgId,
    org::{Org, OrgKind, OrgName},
    ports::{OrgRepository, StorageError},
};

use super::{
    column::{DbId, DbTime},
    dispatch::{read, write},
    row::corrupt,
    schema::orgs,
    work::Work,
};

pub(super) type OrgRow = (DbId, String, String, DbTime);

pub(super) fn org(row: OrgRow) -> Result<Org, StorageError> {
    let (id, name, kind, created_at) = row;
    Ok(Org {
        id: id.into(),
        name: OrgName::parse(&name).map_err(|e| corrupt("orgs", "name", id, &e))?,
        kind: OrgKind::parse(&kind).ok_or_else(|| corrupt("orgs", "kind", id, &kind))?,
        created_at: created_at.into(),
    })
}

#[async_trait]
impl OrgRepository for Work {
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

    async fn delete(&mut self, id: OrgId) -> Result<bool, StorageError> {
        let deleted = write!(self, |conn| {
            diesel::delete(orgs::table.find(DbId::from(id))).execute(conn).await
        })?;
        Ok(deleted == 1)
    }

    async fn find(&mut self, id: OrgId) -> Result<Option<Org>, StorageError> {
        let row = read!(self, |conn| {
            orgs::table.find(DbId::from(id)).first::<OrgRow>(conn).await.optional()
        })?;
        row.map(org).transpose()
    }
}
