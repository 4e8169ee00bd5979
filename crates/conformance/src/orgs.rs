//! `OrgRepository`.

use doorward_domain::{
    OrgId,
    org::{Org, OrgKind, OrgName},
    ports::Storage,
};

use crate::{given::connect, sample};

/// `OrgRepository::insert`, `find`: everything is kept, times to the microsecond.
pub async fn an_organisation_comes_back_as_it_was_added(storage: &dyn Storage) {
    let longest = "ü".repeat(OrgName::MAX);
    for (kind, name) in [(OrgKind::Personal, "Ann's workspace"), (OrgKind::Shared, &longest)] {
        let org = Org { kind, ..sample::org(name) };
        connect(storage).await.orgs().insert(&org).await.unwrap();
        assert_eq!(connect(storage).await.orgs().find(org.id).await.unwrap(), Some(org));
    }
}

/// `OrgRepository::find`: absence is `Ok(None)`.
pub async fn an_unknown_organisation_is_absent(storage: &dyn Storage) {
    let id = OrgId::from_uuid(sample::id());
    assert_eq!(connect(storage).await.orgs().find(id).await.unwrap(), None);
}

/// `OrgRepository::insert`: names need not differ, for tenants don't know of one another.
pub async fn two_organisations_may_have_one_name(storage: &dyn Storage) {
    for _ in 0..2 {
        connect(storage).await.orgs().insert(&sample::org("Acme")).await.unwrap();
    }
}
