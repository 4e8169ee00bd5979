use doorward_application::{Caller, access::denied::Forbidden};

use crate::support::{World, ann, caller, unverified};

/// The profile was read when the caller was authenticated.
#[test]
fn profile_of_the_caller_costs_no_query() {
    let app = World::without_storage().application();
    assert_eq!(app.account.get_profile.run(&caller()), Ok(&ann()));
}

#[test]
fn unverified_email_address_is_rejected_if_the_settings_require_verification() {
    let app = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    assert_eq!(app.account.get_profile.run(&caller), Err(Forbidden::EMAIL_UNVERIFIED));
}

#[test]
fn unverified_email_address_is_accepted_if_the_settings_do_not_require_verification() {
    let app = World::without_storage().application();
    let caller = Caller { user: unverified(), ..caller() };
    assert_eq!(app.account.get_profile.run(&caller), Ok(&unverified()));
}
