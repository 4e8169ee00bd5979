//! Clauses of `OneTimeTokenRepository`.

use doorward_domain::{
    account::user::User,
    ports::Storage,
    token::{
        TokenRef,
        one_time::{
            OneTimePurpose::{self, ResetPassword, VerifyEmail},
            OneTimeToken,
        },
    },
};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::at_once,
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

const PURPOSES: [OneTimePurpose; 2] = [VerifyEmail, ResetPassword];

/// The first time at which another token may be issued.
const NEXT: OffsetDateTime = match NOW.checked_add(OneTimePurpose::INTERVAL) {
    Some(next) => next,
    None => NOW,
};

async fn ann(storage: &dyn Storage) -> User {
    fixtures::user(storage, samples::user("ann")).await
}

async fn issue(
    storage: &dyn Storage,
    user: &User,
    purpose: OneTimePurpose,
    now: OffsetDateTime,
) -> Option<TokenRef> {
    let issue = samples::issue(user, purpose, now);
    connect(storage).await.one_time_tokens().issue(&issue).await.unwrap()
}

async fn consume(
    storage: &dyn Storage,
    purpose: OneTimePurpose,
    token: TokenRef,
    now: OffsetDateTime,
) -> Option<OneTimeToken> {
    connect(storage).await.one_time_tokens().consume(purpose, token, now).await.unwrap()
}

async fn void(storage: &dyn Storage, user: &User, purpose: OneTimePurpose, now: OffsetDateTime) {
    connect(storage).await.one_time_tokens().void(purpose, user.id, now).await.unwrap();
}

/// Checks that the row has the given ID, the lifetime of its purpose, and times to the microsecond.
pub async fn token_is_returned_as_it_was_issued(storage: &dyn Storage) {
    let ann = ann(storage).await;
    for purpose in PURPOSES {
        let issue = samples::issue(&ann, purpose, NOW);
        let token = connect(storage).await.one_time_tokens().issue(&issue).await.unwrap().unwrap();
        assert_eq!(token.id, issue.id.as_uuid());
        let expected = OneTimeToken::first(&issue);
        assert_eq!(token.counter, expected.counter);
        assert_eq!(fixtures::stored_token(storage, purpose, token).await, expected);
    }
}

/// Checks that no token is issued, and nothing changes, within the interval after the previous one.
pub async fn no_token_is_issued_within_the_interval(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = fixtures::token(storage, &ann, ResetPassword).await;
    let before = fixtures::stored_token(storage, ResetPassword, token).await;
    for now in [NOW, after(1), NEXT - Duration::MICROSECOND] {
        assert_eq!(issue(storage, &ann, ResetPassword, now).await, None);
    }
    assert_eq!(fixtures::stored_token(storage, ResetPassword, token).await, before);
    assert!(consume(storage, ResetPassword, token, after(2)).await.is_some());
    // The interval also applies after the token was used.
    assert_eq!(issue(storage, &ann, ResetPassword, after(3)).await, None);
}

/// Checks that a token for another email address invalidates the previous one. Each account has one row per
/// purpose, whose counter is incremented.
pub async fn token_for_another_email_invalidates_the_previous_one(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = fixtures::token(storage, &ann, ResetPassword).await;
    let moved = User { email: samples::email("new@example.com"), ..ann.clone() };
    let second = issue(storage, &moved, ResetPassword, NEXT).await.unwrap();
    assert_eq!(second, TokenRef { id: first.id, counter: first.counter + 1 });
    let row = fixtures::stored_token(storage, ResetPassword, second).await;
    assert_eq!((row.counter, row.email.as_str()), (second.counter, "new@example.com"));
    assert_eq!((row.issued_at, row.expires_at), (NEXT, NEXT + ResetPassword.lifetime()));

    assert_eq!(consume(storage, ResetPassword, first, NEXT).await, None);
    assert!(consume(storage, ResetPassword, second, NEXT).await.is_some());
}

/// Checks that a new token can be issued and used after the previous one was used.
pub async fn token_is_issued_after_the_previous_one_was_used(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = fixtures::token(storage, &ann, VerifyEmail).await;
    assert!(consume(storage, VerifyEmail, first, NOW).await.is_some());
    let second = issue(storage, &ann, VerifyEmail, NEXT).await.unwrap();
    assert_eq!(fixtures::stored_token(storage, VerifyEmail, second).await.used_at, None);
    assert_eq!(consume(storage, VerifyEmail, first, NEXT).await, None);
    assert!(consume(storage, VerifyEmail, second, NEXT).await.is_some());
}

/// Checks that purposes and accounts are counted separately.
pub async fn tokens_are_separate_per_purpose_and_account(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let mut tokens = Vec::new();
    for (user, purpose) in [(&ann, VerifyEmail), (&ann, ResetPassword), (&bob, ResetPassword)] {
        tokens.push((purpose, fixtures::token(storage, user, purpose).await));
    }
    for (purpose, token) in tokens {
        assert!(consume(storage, purpose, token, NOW).await.is_some());
    }
}

/// Checks that issuing is one conditional statement: of many concurrent callers exactly one issues a token,
/// and the others are rejected by the interval.
pub async fn concurrent_issues_succeed_once(storage: &dyn Storage) {
    let ann = ann(storage).await;
    for now in [NOW, NEXT] {
        let answers = at_once(16, async |_| issue(storage, &ann, VerifyEmail, now).await);
        assert_eq!(answers.into_iter().flatten().count(), 1);
    }
}

/// Checks that a row is found only by its own purpose.
pub async fn token_is_found_by_its_own_purpose_only(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = fixtures::token(storage, &ann, VerifyEmail).await;
    let mut repositories = connect(storage).await;
    let tokens = repositories.one_time_tokens();
    assert!(tokens.find(VerifyEmail, token).await.unwrap().is_some());
    assert_eq!(tokens.find(ResetPassword, token).await.unwrap(), None);
    assert_eq!(tokens.find(VerifyEmail, samples::token_ref()).await.unwrap(), None);
}

/// Checks that a row is found by any of its tokens: the caller decides whether the token is valid.
pub async fn row_is_found_by_an_older_token(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = fixtures::token(storage, &ann, VerifyEmail).await;
    let moved = User { email: samples::email("new@example.com"), ..ann.clone() };
    let second = issue(storage, &moved, VerifyEmail, NEXT).await.unwrap();
    let row = fixtures::stored_token(storage, VerifyEmail, first).await;
    assert!(row.is_open(second.counter, NEXT) && !row.is_open(first.counter, NEXT));
}

/// Checks that issuing follows [`OneTimeToken::next`] in every state, and changes nothing if no email may be
/// sent.
pub async fn issues_follow_the_rule_of_the_domain(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let moved = User { email: samples::email("new@example.com"), ..ann.clone() };
    let first = samples::issue(&ann, ResetPassword, NOW);
    let mut expected = OneTimeToken::first(&first);
    let token = fixtures::token(storage, &ann, ResetPassword).await;
    expected.id = fixtures::stored_token(storage, ResetPassword, token).await.id;
    let minute = |minute: i64| NOW + Duration::minutes(minute);
    // Every two minutes for four hours, then every half hour for a day: this exhausts the hourly and the
    // daily limit.
    let mut steps: Vec<_> = (1..120).map(|step| step * 2).collect();
    steps.extend((8..50).map(|step| step * 30));
    let mut refused = 0;
    for at in steps {
        let now = minute(at);
        match at {
            66 => {
                assert!(
                    consume(storage, ResetPassword, sample_ref(&expected), now).await.is_some()
                );
                expected.use_up(now);
            }
            76 => {
                void(storage, &ann, ResetPassword, now).await;
                if expected.is_open(expected.counter, now) {
                    expected.void(now);
                }
            }
            _ => {}
        }
        let user = if [20, 100, 104, 240, 900].contains(&at) { &moved } else { &ann };
        let next = expected.next(&samples::issue(user, ResetPassword, now));
        refused += usize::from(next.is_none());
        let issued = issue(storage, user, ResetPassword, now).await;
        assert_eq!(issued, next.as_ref().map(sample_ref), "{at}");
        expected = next.unwrap_or(expected);
        let stored = fixtures::stored_token(storage, ResetPassword, token).await;
        assert_eq!(stored, expected, "{at}");
    }
    assert!(refused > 100, "{refused}");
}

fn sample_ref(row: &OneTimeToken) -> TokenRef {
    TokenRef { id: row.id.as_uuid(), counter: row.counter }
}

/// Checks that an old token stays valid for the rest of its lifetime beside the next one.
pub async fn old_token_stays_valid_beside_the_next(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let half = NOW + ResetPassword.valid_for_at_least();
    let end = NOW + ResetPassword.lifetime();
    let first = fixtures::token(storage, &ann, ResetPassword).await;
    assert_eq!(
        issue(storage, &ann, ResetPassword, half - Duration::MICROSECOND).await,
        Some(first)
    );
    let half = half + Duration::MINUTE;
    let second = issue(storage, &ann, ResetPassword, half).await.unwrap();
    assert_eq!(second.counter, first.counter + 1);
    assert_eq!(consume(storage, ResetPassword, first, end).await, None);
    let used = consume(storage, ResetPassword, first, end - Duration::MICROSECOND).await;
    assert!(used.is_some_and(|row| row.counter == second.counter));
    // Using one token consumes both.
    assert_eq!(consume(storage, ResetPassword, second, half).await, None);
}

/// Checks that all tokens of the row are invalidated.
pub async fn old_token_is_invalidated_with_the_next(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let half = NOW + ResetPassword.valid_for_at_least();
    let first = fixtures::token(storage, &ann, ResetPassword).await;
    let second = issue(storage, &ann, ResetPassword, half).await.unwrap();
    void(storage, &ann, ResetPassword, half).await;
    for token in [first, second] {
        for now in [half, NOW] {
            assert_eq!(consume(storage, ResetPassword, token, now).await, None);
        }
    }
}

/// Checks that a token can be used once, and that its row is returned.
pub async fn token_is_used_once(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = fixtures::token(storage, &ann, ResetPassword).await;
    let open = fixtures::stored_token(storage, ResetPassword, token).await;
    let mut used = open;
    used.use_up(after(1));
    assert_eq!(consume(storage, ResetPassword, token, after(1)).await, Some(used.clone()));
    assert_eq!(consume(storage, ResetPassword, token, after(2)).await, None);
    assert_eq!(fixtures::stored_token(storage, ResetPassword, token).await, used);
}

/// Checks that only an open token can be used: with the right purpose, row, and counter, before it expires.
/// It has expired at the exact time of its end.
pub async fn token_that_is_not_open_cannot_be_used(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = fixtures::token(storage, &ann, ResetPassword).await;
    let end = NOW + ResetPassword.lifetime();
    let counter = |counter| TokenRef { counter, ..token };
    assert_eq!(consume(storage, VerifyEmail, token, NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, samples::token_ref(), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, counter(token.counter + 1), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, counter(u32::MAX), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, counter(0), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, token, end).await, None);
    assert!(consume(storage, ResetPassword, token, end - Duration::MICROSECOND).await.is_some());
}

/// Checks that of many concurrent callers exactly one uses the token.
pub async fn concurrent_uses_of_a_token_succeed_once(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = fixtures::token(storage, &ann, ResetPassword).await;
    let answers = at_once(24, async |_| consume(storage, ResetPassword, token, after(1)).await);
    assert_eq!(answers.into_iter().flatten().count(), 1);
}

/// Checks that only this user's tokens of this purpose are invalidated.
pub async fn invalidated_token_cannot_be_used(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let voided = fixtures::token(storage, &ann, ResetPassword).await;
    let other = fixtures::token(storage, &ann, VerifyEmail).await;
    let foreign = fixtures::token(storage, &bob, ResetPassword).await;
    void(storage, &ann, ResetPassword, after(1)).await;
    assert_eq!(consume(storage, ResetPassword, voided, after(1)).await, None);
    // This also holds if the clock is set back.
    assert_eq!(consume(storage, ResetPassword, voided, NOW).await, None);
    assert!(consume(storage, VerifyEmail, other, after(1)).await.is_some());
    assert!(consume(storage, ResetPassword, foreign, after(1)).await.is_some());
}

/// Checks that a token that was used or has expired stays unchanged, and that no token is created.
pub async fn only_an_open_token_is_invalidated(storage: &dyn Storage) {
    let ann = ann(storage).await;
    void(storage, &ann, ResetPassword, NOW).await;
    let used = fixtures::token(storage, &ann, VerifyEmail).await;
    let used_row = consume(storage, VerifyEmail, used, after(1)).await.unwrap();
    void(storage, &ann, VerifyEmail, after(2)).await;
    assert_eq!(fixtures::stored_token(storage, VerifyEmail, used).await, used_row);

    let expired = fixtures::token(storage, &ann, ResetPassword).await;
    let expired_row = fixtures::stored_token(storage, ResetPassword, expired).await;
    void(storage, &ann, ResetPassword, expired_row.expires_at).await;
    assert_eq!(fixtures::stored_token(storage, ResetPassword, expired).await, expired_row);
}

/// Checks that the open tokens of all users and purposes are invalidated, and no others.
pub async fn open_tokens_of_all_users_are_invalidated(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let used = fixtures::token(storage, &ann, VerifyEmail).await;
    let used_row = consume(storage, VerifyEmail, used, after(1)).await.unwrap();
    let open = [
        (ResetPassword, fixtures::token(storage, &ann, ResetPassword).await),
        (VerifyEmail, fixtures::token(storage, &bob, VerifyEmail).await),
    ];
    for count in [2, 0] {
        let mut repositories = connect(storage).await;
        let voided = repositories.one_time_tokens().void_all(after(2)).await.unwrap();
        assert_eq!(voided, count);
    }
    for (purpose, token) in open {
        assert_eq!(consume(storage, purpose, token, after(2)).await, None);
    }
    assert_eq!(fixtures::stored_token(storage, VerifyEmail, used).await, used_row);
}

/// Checks that the interval applies only to tokens for the same email address.
pub async fn interval_does_not_apply_to_another_email(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = fixtures::token(storage, &ann, VerifyEmail).await;
    let moved = User { email: samples::email("ann.lee@example.com"), ..ann.clone() };
    let second = issue(storage, &moved, VerifyEmail, NOW).await.unwrap();
    assert_eq!((second.id, second.counter), (first.id, first.counter + 1));
    assert_eq!(fixtures::stored_token(storage, VerifyEmail, second).await.email, moved.email);
    assert_eq!(issue(storage, &moved, VerifyEmail, NOW).await, None);
    assert_eq!(consume(storage, VerifyEmail, first, NOW).await, None);
}

/// Checks that emails to former addresses count: an account that switches between two addresses gets no more
/// emails than one that doesn't, and nothing changes when no more may be sent.
pub async fn emails_to_former_addresses_are_counted(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let moved = User { email: samples::email("ann.lee@example.com"), ..ann.clone() };
    let mut issued = Vec::new();
    for (number, user) in [&ann, &moved].into_iter().cycle().take(8).enumerate() {
        let now = NOW + Duration::seconds(i64::try_from(number).unwrap());
        issued.extend(issue(storage, user, ResetPassword, now).await);
    }
    let counters: Vec<_> = issued.iter().map(|token| token.counter).collect();
    assert_eq!(counters, [1, 2, 3, 4, 5]);
    let last = *issued.last().unwrap();
    let row = fixtures::stored_token(storage, ResetPassword, last).await;
    assert_eq!((row.counter, row.email, row.emails.in_hour), (5, ann.email.clone(), 5));
    let next_hour = NOW + Duration::HOUR;
    assert!(issue(storage, &moved, ResetPassword, next_hour).await.is_some());
}
