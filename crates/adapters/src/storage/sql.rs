//! Statements that are written once and compiled for both databases.

pub(crate) mod column;
pub(crate) mod dialect;
pub(crate) mod dispatch;
pub(crate) mod observe;
pub(crate) mod row;
pub(crate) mod schema;
pub(crate) mod selection;
pub(crate) mod statement;
pub(crate) mod table;
