//! What the tests share: a user with their data, and a world of mocks.

mod entities;
mod expectations;
mod tokens;
mod world;

pub(crate) use entities::*;
pub(crate) use expectations::*;
pub(crate) use tokens::*;
pub(crate) use world::World;

/// Asserts that an outcome is this error.
macro_rules! assert_fails {
    ($outcome:expr, $error:pat $(if $condition:expr)?) => {
        let outcome = $outcome;
        assert!(matches!(outcome, Err($error) $(if $condition)?), "{outcome:?}");
    };
}

pub(crate) use assert_fails;
