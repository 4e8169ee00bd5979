use doorward_application::{Caller, authorize::Forbidden};

use crate::support::{World, ann, caller, unverified};

/// It was read with the caller already.
#[test]
fn the_caller_sees_their_profile_without_a_query() {
    let app = World::without_storage().application();
    assert_eq!(app.get_profile.run(&caller()), Ok(&ann()));
}

#[test]
fn an_unverified_address_is_refused_where_it_matters() {
    let app = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    assert_eq!(app.get_profile.run(&caller), Err(Forbidden::EMAIL_UNVERIFIED));
}

#[test]
fn an_unverified_address_is_no_matter_elsewhere() {
    let app = World::without_storage().application();
    let caller = Caller { user: unverified(), ..caller() };
    assert_eq!(app.get_profile.run(&caller), Ok(&unverified()));
}
