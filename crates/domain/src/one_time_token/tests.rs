use time::macros::datetime;
use uuid::Uuid;

use super::*;
use crate::{profile::Profile, username::Username};

const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

fn issue(minutes: i64) -> IssueOneTimeToken {
    IssueOneTimeToken {
        id: OneTimeTokenId::from_uuid(Uuid::nil()),
        user_id: UserId::from_uuid(Uuid::nil()),
        purpose: OneTimePurpose::ResetPassword,
        email: EmailAddress::parse("ann@example.com").unwrap(),
        now: NOW + Duration::minutes(minutes),
    }
}

fn token() -> OneTimeToken {
    OneTimeToken { counter: 2, ..OneTimeToken::first(&issue(0)) }
}

#[test]
fn a_young_token_is_mailed_again_and_an_old_one_lasts_beside_the_next() {
    let token = token();
    let again = token.next(&issue(29)).unwrap();
    assert_eq!((again.counter, again.expires_at), (2, token.expires_at));
    let next = again.next(&issue(30)).unwrap();
    assert_eq!((next.counter, next.expires_at), (3, issue(90).now));
    assert!(next.is_open(2, issue(59).now) && !next.is_open(2, issue(60).now));
    assert!(next.is_open(3, issue(89).now) && !next.is_open(1, issue(31).now));
    assert!(!next.is_open(u32::MAX, issue(31).now) && !next.is_open(0, issue(31).now));
    let third = next.next(&issue(60)).unwrap();
    assert!(!third.is_open(2, issue(60).now) && third.is_open(3, issue(89).now));
}

#[test]
fn no_token_of_a_row_outlives_its_use_or_invalidation() {
    let next = token().next(&issue(30)).unwrap();
    let mut void = next.clone();
    void.void(issue(31).now);
    let used = OneTimeToken { used_at: Some(issue(31).now), ..next };
    for row in [&void, &used, &void.next(&issue(32)).unwrap(), &used.next(&issue(32)).unwrap()] {
        for counter in [1, 2, 3] {
            assert!(!row.is_open(counter, issue(32).now), "{counter} {row:?}");
            assert!(row.used_at.is_some() || !row.is_open(counter, NOW), "{counter} {row:?}");
        }
    }
    assert!(used.was_used(2, issue(59).now) && used.was_used(3, issue(59).now));
}

/// The minutes of a day at which an email goes out, if one is asked for each minute.
fn minutes_of_emails() -> Vec<i64> {
    let mut row = OneTimeToken::first(&issue(0));
    let mut sent = vec![0];
    for minute in 1..24 * 60 {
        if let Some(next) = row.next(&issue(minute)) {
            row = next;
            sent.push(minute);
        }
    }
    sent
}

#[test]
fn emails_are_limited_an_hour_and_a_day_and_never_stop_for_long() {
    let sent = minutes_of_emails();
    assert_eq!(sent.get(..6), Some(&[0, 1, 2, 3, 4, 60][..]));
    assert!(sent.len() <= 20, "{sent:?}");
    for hour in 0..24 {
        let in_hour = sent.iter().filter(|minute| **minute / 60 == hour);
        assert!(in_hour.count() <= 5, "{hour} {sent:?}");
    }
    let spread = OneTimePurpose::SPREAD.whole_minutes();
    assert!(sent.windows(2).all(|pair| pair[1] - pair[0] <= spread), "{sent:?}");
}

#[test]
fn owner_who_uses_each_link_is_not_limited_but_by_the_interval() {
    let mut row = OneTimeToken::first(&issue(0));
    for minute in 1..40 {
        row.use_up(issue(minute - 1).now);
        row = row.next(&issue(minute)).unwrap();
        assert_eq!(row.next(&issue(minute)), None);
    }
}

#[test]
fn another_address_starts_its_own_count_and_ends_the_former_tokens() {
    let token = token();
    let moved =
        IssueOneTimeToken { email: EmailAddress::parse("lee@example.com").unwrap(), ..issue(0) };
    let next = token.next(&moved).unwrap();
    assert_eq!((next.counter, next.emails), (3, EmailCount::first(NOW)));
    assert!(!next.is_open(2, NOW));
    assert_eq!(token.next(&issue(0)), None);
}

#[test]
fn ends_on_time() {
    let token = token();
    assert!(token.is_open(2, token.expires_at - Duration::MICROSECOND));
    assert!(!token.is_open(2, token.expires_at));
}

#[test]
fn a_used_token_is_told_from_a_wrong_one_until_it_expires() {
    let mut token = token();
    token.used_at = Some(token.issued_at);
    assert!(!token.is_open(2, token.issued_at));
    assert!(token.was_used(2, token.issued_at));
    assert!(!token.was_used(1, token.issued_at));
    assert!(!token.was_used(2, token.expires_at));
}

fn holder() -> User {
    User {
        id: UserId::from_uuid(Uuid::nil()),
        email: EmailAddress::parse("ann@example.com").unwrap(),
        username: Username::parse("ann").unwrap(),
        profile: Profile::default(),
        verified_at: None,
        disabled_at: None,
        is_platform_admin: false,
        has_password: true,
        default_org: None,
        last_login_at: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: OffsetDateTime::UNIX_EPOCH,
    }
}

const BOTH: [OneTimePurpose; 2] = [OneTimePurpose::VerifyEmail, OneTimePurpose::ResetPassword];

#[test]
fn link_is_open_until_it_expires_and_then_names_its_address() {
    let token = token();
    let email = Some(token.email.clone());
    for purpose in BOTH {
        let state = |now| token.link_state(purpose, 2, Some(&holder()), now);
        assert_eq!(state(token.issued_at), LinkState::Open);
        assert_eq!(state(token.expires_at), LinkState::Dead { email: email.clone() });
    }
}

#[test]
fn superseded_link_names_no_address() {
    let token = token();
    for purpose in BOTH {
        let state = token.link_state(purpose, 1, Some(&holder()), token.issued_at);
        assert_eq!(state, LinkState::Dead { email: None });
    }
}

#[test]
fn link_for_another_address_or_a_deleted_account_is_dead() {
    let (token, other) = (token(), EmailAddress::parse("other@example.com").unwrap());
    let moved = User { email: other, ..holder() };
    for (purpose, user) in BOTH.into_iter().flat_map(|it| [(it, Some(&moved)), (it, None)]) {
        let state = token.link_state(purpose, 2, user, token.issued_at);
        assert_eq!(state, LinkState::Dead { email: None });
    }
}

#[test]
fn verification_link_of_a_verified_address_has_done_its_work() {
    let mut token = token();
    let verified = User { verified_at: Some(token.issued_at), ..holder() };
    for used_at in [None, Some(token.issued_at)] {
        token.used_at = used_at;
        for now in [token.issued_at, token.expires_at] {
            let state = token.link_state(BOTH[0], 2, Some(&verified), now);
            assert_eq!(state, LinkState::Done);
        }
    }
}

#[test]
fn reset_link_of_a_disabled_account_is_dead() {
    let token = token();
    let disabled = User { disabled_at: Some(token.issued_at), ..holder() };
    let state = token.link_state(BOTH[1], 2, Some(&disabled), token.issued_at);
    assert_eq!(state, LinkState::Dead { email: Some(token.email) });
}
