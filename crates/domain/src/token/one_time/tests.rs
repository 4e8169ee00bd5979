use time::macros::datetime;
use uuid::Uuid;

use super::*;
use crate::account::{profile::Profile, username::Username};

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
fn young_token_is_sent_again_and_old_token_stays_valid_beside_the_next() {
    let token = token();
    let again = token.next(&issue(179)).unwrap();
    assert_eq!((again.counter, again.expires_at), (2, token.expires_at));
    let next = again.next(&issue(180)).unwrap();
    assert_eq!((next.counter, next.expires_at), (3, issue(540).now));
    assert!(next.is_open(2, issue(359).now) && !next.is_open(2, issue(360).now));
    assert!(next.is_open(3, issue(539).now) && !next.is_open(1, issue(181).now));
    assert!(!next.is_open(u32::MAX, issue(181).now) && !next.is_open(0, issue(181).now));
    let third = next.next(&issue(360)).unwrap();
    assert!(!third.is_open(2, issue(360).now) && third.is_open(3, issue(539).now));
}

#[test]
fn no_token_of_a_row_outlives_its_use_or_invalidation() {
    let next = token().next(&issue(180)).unwrap();
    let mut void = next.clone();
    void.void(issue(181).now);
    let used = OneTimeToken { used_at: Some(issue(181).now), ..next };
    for row in [&void, &used, &void.next(&issue(182)).unwrap(), &used.next(&issue(182)).unwrap()] {
        for counter in [1, 2, 3] {
            assert!(!row.is_open(counter, issue(182).now), "{counter} {row:?}");
            assert!(row.used_at.is_some() || !row.is_open(counter, NOW), "{counter} {row:?}");
        }
    }
    assert!(used.was_used(2, issue(359).now) && used.was_used(3, issue(359).now));
}

/// Returns the minutes of a day at which an email is sent, if one is requested every minute.
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
fn emails_are_limited_per_hour_and_day_and_never_blocked_for_long() {
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

/// However often an attacker requests emails, the owner has a valid link at every time after the first.
#[test]
fn latest_link_is_valid_until_the_next_one_can_be_sent() {
    let mut row = OneTimeToken::first(&issue(0));
    let mut latest = row.counter;
    for minute in 1..3 * 24 * 60 {
        assert!(row.is_open(latest, issue(minute).now), "{minute} {row:?}");
        if let Some(next) = row.next(&issue(minute)) {
            row = next;
            latest = row.counter;
        }
    }
    for purpose in BOTH {
        assert!(purpose.valid_for_at_least() >= OneTimePurpose::SPREAD);
    }
}

#[test]
fn user_who_uses_each_link_is_limited_only_by_the_interval() {
    let mut row = OneTimeToken::first(&issue(0));
    for minute in 1..40 {
        row.use_up(issue(minute - 1).now);
        row = row.next(&issue(minute)).unwrap();
        assert_eq!(row.next(&issue(minute)), None);
    }
}

fn issue_to(email: &str, minutes: i64) -> IssueOneTimeToken {
    IssueOneTimeToken { email: EmailAddress::parse(email).unwrap(), ..issue(minutes) }
}

#[test]
fn new_email_address_keeps_the_count_and_invalidates_earlier_tokens() {
    let token = token();
    // The interval doesn't apply.
    let next = token.next(&issue_to("lee@example.com", 0)).unwrap();
    assert_eq!((next.counter, next.emails.in_hour), (3, 2));
    assert_eq!(next.emails.day_full_at, NOW + OneTimePurpose::SPREAD * 2);
    assert!(!next.is_open(2, NOW));
    assert_eq!(token.next(&issue(0)), None);
}

#[test]
fn account_that_switches_between_addresses_gets_no_more_emails() {
    let mut row = OneTimeToken::first(&issue(0));
    let mut sent = 1;
    for minute in 1..24 * 60 {
        let email = if minute % 2 == 0 { "ann@example.com" } else { "lee@example.com" };
        if let Some(next) = row.next(&issue_to(email, minute)) {
            row = next;
            sent += 1;
        }
    }
    assert_eq!(sent, minutes_of_emails().len());
}

#[test]
fn token_expires_on_time() {
    let token = token();
    assert!(token.is_open(2, token.expires_at - Duration::MICROSECOND));
    assert!(!token.is_open(2, token.expires_at));
}

#[test]
fn used_token_is_distinguished_from_invalid_token_until_it_expires() {
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
        is_provisional: false,
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
fn link_is_open_until_it_expires_and_then_returns_its_email() {
    let token = token();
    let email = Some(token.email.clone());
    for purpose in BOTH {
        let state = |now| token.link_state(purpose, 2, Some(&holder()), now);
        assert_eq!(state(token.issued_at), LinkState::Open);
        assert_eq!(state(token.expires_at), LinkState::Dead { email: email.clone() });
    }
}

#[test]
fn superseded_link_returns_no_email() {
    let token = token();
    for purpose in BOTH {
        let state = token.link_state(purpose, 1, Some(&holder()), token.issued_at);
        assert_eq!(state, LinkState::Dead { email: None });
    }
}

#[test]
fn link_for_changed_email_or_deleted_account_is_dead() {
    let (token, other) = (token(), EmailAddress::parse("other@example.com").unwrap());
    let moved = User { email: other, ..holder() };
    for (purpose, user) in BOTH.into_iter().flat_map(|it| [(it, Some(&moved)), (it, None)]) {
        let state = token.link_state(purpose, 2, user, token.issued_at);
        assert_eq!(state, LinkState::Dead { email: None });
    }
}

#[test]
fn verification_link_of_verified_email_is_done() {
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
