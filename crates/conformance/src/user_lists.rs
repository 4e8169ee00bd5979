//! Clauses of `UserRepository::list`.

use doorward_domain::{
    account::user::{User, UserFilter},
    pagination::{PageQuery, PageSize},
    ports::Storage,
};

use crate::{
    fixtures::{self, connect},
    samples::{self, NOW},
};

async fn list(storage: &dyn Storage, filter: &UserFilter) -> Vec<User> {
    let request = PageQuery { limit: PageSize::DEFAULT, after: None };
    let page = connect(storage).await.users().list(filter, request).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

fn begins(text: &str) -> UserFilter {
    UserFilter { prefix: Some(text.to_owned()), ..UserFilter::default() }
}

/// Checks that the latest IDs come first, and that each page begins after the previous one.
pub async fn accounts_are_listed_page_by_page(storage: &dyn Storage) {
    let mut all = Vec::new();
    for name in ["ann", "bob", "cay", "dan", "eve"] {
        all.insert(0, fixtures::user(storage, samples::user(name)).await);
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let request = PageQuery { limit: PageSize::new(2).unwrap(), after };
        let filter = UserFilter::default();
        let page = connect(storage).await.users().list(&filter, request).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, all);
}

/// Checks that an account has to match all conditions of the filter.
pub async fn accounts_are_filtered(storage: &dyn Storage) {
    let plain = fixtures::user(storage, samples::user("ann")).await;
    let disabled = User { disabled_at: Some(NOW), ..samples::user("bob") };
    let disabled = fixtures::user(storage, disabled).await;
    let verified = User { verified_at: Some(NOW), ..samples::user("cay") };
    let verified = fixtures::user(storage, verified).await;
    let admin = User { is_platform_admin: true, verified_at: Some(NOW), ..samples::user("dan") };
    let admin = fixtures::user(storage, admin).await;

    let all = UserFilter::default();
    let of = [admin.clone(), verified, disabled.clone(), plain.clone()];
    assert_eq!(list(storage, &all).await, of);
    assert_eq!(
        list(storage, &UserFilter { disabled: true, ..all.clone() }).await,
        std::slice::from_ref(&disabled)
    );
    let unverified = UserFilter { unverified: true, ..all.clone() };
    assert_eq!(list(storage, &unverified).await, [disabled.clone(), plain]);
    assert_eq!(list(storage, &UserFilter { platform_admins: true, ..all }).await, [admin]);
    assert_eq!(list(storage, &UserFilter { disabled: true, ..unverified }).await, [disabled]);
}

/// Checks that the filter matches the start of the email address or username, without regard to case and with
/// no wildcards.
pub async fn accounts_are_found_by_prefix(storage: &dyn Storage) {
    let ann = User { email: samples::email("LÉE@example.com"), ..samples::user("Ann_Lee") };
    let ann = fixtures::user(storage, ann).await;
    let other = fixtures::user(storage, samples::user("AnnXLee")).await;
    for text in ["ann_", "ANN_LEE", "Lée@", "lÉe"] {
        assert_eq!(list(storage, &begins(text)).await, std::slice::from_ref(&ann), "{text}");
    }
    assert_eq!(list(storage, &begins("ann")).await, [other.clone(), ann.clone()]);
    assert_eq!(list(storage, &begins("")).await, [other, ann]);
    for text in ["%", "_", "nn", "\\", "ann%", "ann_lee@example.com"] {
        assert_eq!(list(storage, &begins(text)).await, [], "{text}");
    }
}
