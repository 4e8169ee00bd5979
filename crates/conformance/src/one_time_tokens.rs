//! `OneTimeTokenRepository`.

use doorward_domain::{
    one_time_token::{
        OneTimePurpose::{self, ResetPassword, VerifyEmail},
        OneTimeToken,
    },
    ports::Storage,
    token::TokenRef,
    user::User,
};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::at_once,
    given::{self, connect},
    sample::{self, NOW, after},
};

const PURPOSES: [OneTimePurpose; 2] = [VerifyEmail, ResetPassword];

/// The first moment at which another token may be issued.
const NEXT: OffsetDateTime = match NOW.checked_add(OneTimePurpose::INTERVAL) {
    Some(next) => next,
    None => NOW,
};

async fn ann(storage: &dyn Storage) -> User {
    given::user(storage, sample::user("ann")).await
}

async fn issue(
    storage: &dyn Storage,
    user: &User,
    purpose: OneTimePurpose,
    now: OffsetDateTime,
) -> Option<TokenRef> {
    let issue = sample::issue(user, purpose, now);
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

/// `OneTimeTokenRepository::issue`, `find`: the row has the id that was given, the purpose's
/// lifetime, and times to the microsecond.
pub async fn a_token_comes_back_as_it_was_issued(storage: &dyn Storage) {
    let ann = ann(storage).await;
    for purpose in PURPOSES {
        let issue = sample::issue(&ann, purpose, NOW);
        let token = connect(storage).await.one_time_tokens().issue(&issue).await.unwrap().unwrap();
        assert_eq!(token.row, issue.id.as_uuid());
        let expected = OneTimeToken::first(&issue);
        assert_eq!(token.counter, expected.counter);
        assert_eq!(given::stored_token(storage, purpose, token).await, expected);
    }
}

/// `OneTimeTokenRepository::issue`: none, and it MUST change nothing, if the one before is younger
/// than the interval.
pub async fn no_token_is_issued_within_the_interval(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = given::token(storage, &ann, ResetPassword).await;
    let before = given::stored_token(storage, ResetPassword, token).await;
    for now in [NOW, after(1), NEXT - Duration::MICROSECOND] {
        assert_eq!(issue(storage, &ann, ResetPassword, now).await, None);
    }
    assert_eq!(given::stored_token(storage, ResetPassword, token).await, before);
    assert!(consume(storage, ResetPassword, token, after(2)).await.is_some());
    // A used one is as young.
    assert_eq!(issue(storage, &ann, ResetPassword, after(3)).await, None);
}

/// `OneTimeTokenRepository::issue`: a token for another address voids the one before. Each account has one row a
/// purpose, whose counter moves on.
pub async fn a_token_for_another_address_voids_the_one_before(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = given::token(storage, &ann, ResetPassword).await;
    let moved = User { email: sample::email("new@example.com"), ..ann.clone() };
    let second = issue(storage, &moved, ResetPassword, NEXT).await.unwrap();
    assert_eq!(second, TokenRef { row: first.row, counter: first.counter + 1 });
    let row = given::stored_token(storage, ResetPassword, second).await;
    assert_eq!((row.counter, row.email.as_str()), (second.counter, "new@example.com"));
    assert_eq!((row.issued_at, row.expires_at), (NEXT, NEXT + ResetPassword.lifetime()));

    assert_eq!(consume(storage, ResetPassword, first, NEXT).await, None);
    assert!(consume(storage, ResetPassword, second, NEXT).await.is_some());
}

/// `OneTimeTokenRepository::issue`: after a token was used, the next one is as good as new.
pub async fn a_token_is_issued_after_one_was_used(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = given::token(storage, &ann, VerifyEmail).await;
    assert!(consume(storage, VerifyEmail, first, NOW).await.is_some());
    let second = issue(storage, &ann, VerifyEmail, NEXT).await.unwrap();
    assert_eq!(given::stored_token(storage, VerifyEmail, second).await.used_at, None);
    assert_eq!(consume(storage, VerifyEmail, first, NEXT).await, None);
    assert!(consume(storage, VerifyEmail, second, NEXT).await.is_some());
}

/// `OneTimeTokenRepository::issue`: purposes and accounts are counted by themselves.
pub async fn tokens_of_purposes_and_accounts_are_apart(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let mut tokens = Vec::new();
    for (user, purpose) in [(&ann, VerifyEmail), (&ann, ResetPassword), (&bob, ResetPassword)] {
        tokens.push((purpose, given::token(storage, user, purpose).await));
    }
    for (purpose, token) in tokens {
        assert!(consume(storage, purpose, token, NOW).await.is_some());
    }
}

/// `OneTimeTokenRepository::issue`: it MUST be one conditional statement: of many at the same moment
/// one issues, and the others are too early.
pub async fn of_many_issues_one_happens(storage: &dyn Storage) {
    let ann = ann(storage).await;
    for now in [NOW, NEXT] {
        let answers = at_once(16, async |_| issue(storage, &ann, VerifyEmail, now).await);
        assert_eq!(answers.into_iter().flatten().count(), 1);
    }
}

/// `OneTimeTokenRepository::find`: the row that a token names, if it is of this purpose.
pub async fn a_token_is_found_by_its_own_purpose_only(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = given::token(storage, &ann, VerifyEmail).await;
    let mut repositories = connect(storage).await;
    let tokens = repositories.one_time_tokens();
    assert!(tokens.find(VerifyEmail, token).await.unwrap().is_some());
    assert_eq!(tokens.find(ResetPassword, token).await.unwrap(), None);
    assert_eq!(tokens.find(VerifyEmail, sample::token_ref()).await.unwrap(), None);
}

/// `OneTimeTokenRepository::find`: the row, whichever of its tokens is asked with: it is for the
/// caller to judge.
pub async fn a_row_is_found_by_an_older_token(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = given::token(storage, &ann, VerifyEmail).await;
    let moved = User { email: sample::email("new@example.com"), ..ann.clone() };
    let second = issue(storage, &moved, VerifyEmail, NEXT).await.unwrap();
    let row = given::stored_token(storage, VerifyEmail, first).await;
    assert!(row.is_open(second.counter, NEXT) && !row.is_open(first.counter, NEXT));
}

/// `OneTimeTokenRepository::issue`: by the rule of `OneTimeToken::next`, whatever came before, and it MUST change
/// nothing if no email may go out.
pub async fn issues_follow_the_rule_of_the_domain(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let moved = User { email: sample::email("new@example.com"), ..ann.clone() };
    let first = sample::issue(&ann, ResetPassword, NOW);
    let mut expected = OneTimeToken::first(&first);
    let token = given::token(storage, &ann, ResetPassword).await;
    expected.id = given::stored_token(storage, ResetPassword, token).await.id;
    let minute = |minute: i64| NOW + Duration::minutes(minute);
    // Every two minutes for four hours, then every half hour for a day, which spends the hour's and the day's budget.
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
        let user = if at == 100 { &moved } else { &ann };
        let next = expected.next(&sample::issue(user, ResetPassword, now));
        refused += usize::from(next.is_none());
        let issued = issue(storage, user, ResetPassword, now).await;
        assert_eq!(issued, next.as_ref().map(sample_ref), "{at}");
        expected = next.unwrap_or(expected);
        let stored = given::stored_token(storage, ResetPassword, token).await;
        assert_eq!(stored, expected, "{at}");
    }
    assert!(refused > 100, "{refused}");
}

fn sample_ref(row: &OneTimeToken) -> TokenRef {
    TokenRef { row: row.id.as_uuid(), counter: row.counter }
}

/// `OneTimeTokenRepository::issue`, `consume`: an old token MUST stay valid for the rest of its time beside the next.
pub async fn an_old_token_stays_valid_beside_the_next(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let half = NOW + ResetPassword.lifetime() / 2;
    let end = NOW + ResetPassword.lifetime();
    let first = given::token(storage, &ann, ResetPassword).await;
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
    // The use of one is the use of both.
    assert_eq!(consume(storage, ResetPassword, second, half).await, None);
}

/// `OneTimeTokenRepository::void`: all tokens of the row.
pub async fn an_old_token_is_voided_with_the_next(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let half = NOW + ResetPassword.lifetime() / 2;
    let first = given::token(storage, &ann, ResetPassword).await;
    let second = issue(storage, &ann, ResetPassword, half).await.unwrap();
    void(storage, &ann, ResetPassword, half).await;
    for token in [first, second] {
        for now in [half, NOW] {
            assert_eq!(consume(storage, ResetPassword, token, now).await, None);
        }
    }
}

/// `OneTimeTokenRepository::consume`: it uses a token up and answers it, once.
pub async fn a_token_is_used_once(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = given::token(storage, &ann, ResetPassword).await;
    let open = given::stored_token(storage, ResetPassword, token).await;
    let mut used = open;
    used.use_up(after(1));
    assert_eq!(consume(storage, ResetPassword, token, after(1)).await, Some(used.clone()));
    assert_eq!(consume(storage, ResetPassword, token, after(2)).await, None);
    assert_eq!(given::stored_token(storage, ResetPassword, token).await, used);
}

/// `OneTimeTokenRepository::consume`: if it is open: the right purpose, row and counter, in time. It
/// is over at the moment at which it expires.
pub async fn a_token_that_is_not_open_is_not_used(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = given::token(storage, &ann, ResetPassword).await;
    let end = NOW + ResetPassword.lifetime();
    let counter = |counter| TokenRef { counter, ..token };
    assert_eq!(consume(storage, VerifyEmail, token, NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, sample::token_ref(), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, counter(token.counter + 1), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, counter(u32::MAX), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, counter(0), NOW).await, None);
    assert_eq!(consume(storage, ResetPassword, token, end).await, None);
    assert!(consume(storage, ResetPassword, token, end - Duration::MICROSECOND).await.is_some());
}

/// `OneTimeTokenRepository::consume`: of many callers at the same moment exactly one MUST get it.
pub async fn of_many_who_use_a_token_one_gets_it(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let token = given::token(storage, &ann, ResetPassword).await;
    let answers = at_once(24, async |_| consume(storage, ResetPassword, token, after(1)).await);
    assert_eq!(answers.into_iter().flatten().count(), 1);
}

/// `OneTimeTokenRepository::void`: a user's token of a purpose, and no other.
pub async fn a_voided_token_is_not_used(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let voided = given::token(storage, &ann, ResetPassword).await;
    let other = given::token(storage, &ann, VerifyEmail).await;
    let foreign = given::token(storage, &bob, ResetPassword).await;
    void(storage, &ann, ResetPassword, after(1)).await;
    assert_eq!(consume(storage, ResetPassword, voided, after(1)).await, None);
    // Whatever a clock says that is set back.
    assert_eq!(consume(storage, ResetPassword, voided, NOW).await, None);
    assert!(consume(storage, VerifyEmail, other, after(1)).await.is_some());
    assert!(consume(storage, ResetPassword, foreign, after(1)).await.is_some());
}

/// `OneTimeTokenRepository::void`: if there is an open one: a token that was used or has expired
/// stays as it is, and none is made.
pub async fn only_an_open_token_is_voided(storage: &dyn Storage) {
    let ann = ann(storage).await;
    void(storage, &ann, ResetPassword, NOW).await;
    let used = given::token(storage, &ann, VerifyEmail).await;
    let used_row = consume(storage, VerifyEmail, used, after(1)).await.unwrap();
    void(storage, &ann, VerifyEmail, after(2)).await;
    assert_eq!(given::stored_token(storage, VerifyEmail, used).await, used_row);

    let expired = given::token(storage, &ann, ResetPassword).await;
    let expired_row = given::stored_token(storage, ResetPassword, expired).await;
    void(storage, &ann, ResetPassword, expired_row.expires_at).await;
    assert_eq!(given::stored_token(storage, ResetPassword, expired).await, expired_row);
}

/// `OneTimeTokenRepository::void_all`: the open ones of every purpose, and no others.
pub async fn open_tokens_of_everybody_are_voided(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let used = given::token(storage, &ann, VerifyEmail).await;
    let used_row = consume(storage, VerifyEmail, used, after(1)).await.unwrap();
    let open = [
        (ResetPassword, given::token(storage, &ann, ResetPassword).await),
        (VerifyEmail, given::token(storage, &bob, VerifyEmail).await),
    ];
    for count in [2, 0] {
        let mut repositories = connect(storage).await;
        let voided = repositories.one_time_tokens().void_all(after(2)).await.unwrap();
        assert_eq!(voided, count);
    }
    for (purpose, token) in open {
        assert_eq!(consume(storage, purpose, token, after(2)).await, None);
    }
    assert_eq!(given::stored_token(storage, VerifyEmail, used).await, used_row);
}

/// `OneTimeTokenRepository::issue`: the interval is between tokens for the same address.
pub async fn another_address_does_not_wait_for_the_interval(storage: &dyn Storage) {
    let ann = ann(storage).await;
    let first = given::token(storage, &ann, VerifyEmail).await;
    let moved = User { email: sample::email("ann.lee@example.com"), ..ann.clone() };
    let second = issue(storage, &moved, VerifyEmail, NOW).await.unwrap();
    assert_eq!((second.row, second.counter), (first.row, first.counter + 1));
    assert_eq!(given::stored_token(storage, VerifyEmail, second).await.email, moved.email);
    assert_eq!(issue(storage, &moved, VerifyEmail, NOW).await, None);
    assert_eq!(consume(storage, VerifyEmail, first, NOW).await, None);
}
