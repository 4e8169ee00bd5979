//! `UserRepository::list`: accounts, page by page.

use doorward_domain::{
    page::{PageLimit, PageRequest},
    ports::Storage,
    user::{User, UserFilter},
};

use crate::{
    given::{self, connect},
    sample::{self, NOW},
};

async fn list(storage: &dyn Storage, filter: &UserFilter) -> Vec<User> {
    let request = PageRequest { limit: PageLimit::DEFAULT, after: None };
    let page = connect(storage).await.users().list(filter, request).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

fn begins(text: &str) -> UserFilter {
    UserFilter { begins: Some(text.to_owned()), ..UserFilter::default() }
}

/// `UserRepository::list`: the latest ids first, each page after the one before.
pub async fn accounts_are_listed_page_by_page(storage: &dyn Storage) {
    let mut all = Vec::new();
    for name in ["ann", "bob", "cay", "dan", "eve"] {
        all.insert(0, given::user(storage, sample::user(name)).await);
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { limit: PageLimit::new(2).unwrap(), after };
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

/// `UserRepository::list`: what is asked for, all of it at once.
pub async fn accounts_are_filtered(storage: &dyn Storage) {
    let plain = given::user(storage, sample::user("ann")).await;
    let disabled = User { disabled_at: Some(NOW), ..sample::user("bob") };
    let disabled = given::user(storage, disabled).await;
    let verified = User { verified_at: Some(NOW), ..sample::user("cay") };
    let verified = given::user(storage, verified).await;
    let admin = User { is_platform_admin: true, verified_at: Some(NOW), ..sample::user("dan") };
    let admin = given::user(storage, admin).await;

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

/// `UserRepository::list`: how the address or the name begins, without regard to case and to the letter.
pub async fn accounts_are_found_by_how_they_begin(storage: &dyn Storage) {
    let ann = User { email: sample::email("LÉE@example.com"), ..sample::user("Ann_Lee") };
    let ann = given::user(storage, ann).await;
    let other = given::user(storage, sample::user("AnnXLee")).await;
    for text in ["ann_", "ANN_LEE", "Lée@", "lÉe"] {
        assert_eq!(list(storage, &begins(text)).await, std::slice::from_ref(&ann), "{text}");
    }
    assert_eq!(list(storage, &begins("ann")).await, [other.clone(), ann.clone()]);
    assert_eq!(list(storage, &begins("")).await, [other, ann]);
    for text in ["%", "_", "nn", "\\", "ann%", "ann_lee@example.com"] {
        assert_eq!(list(storage, &begins(text)).await, [], "{text}");
    }
}
