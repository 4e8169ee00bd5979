//! Values for the examples in the documentation.

pub(crate) const ACCESS_TOKEN: &str = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIs…";
pub(crate) const REFRESH_TOKEN: &str = "dwr_AQEBlF1M…";
pub(crate) const DEVICE_TOKEN: &str = "dwd_AQEBlF1M...";
pub(crate) const USER_ID: &str = "019b76da-a800-7000-8000-000000000000";
pub(crate) const SESSION_ID: &str = "019b76da-a800-7000-8000-000000000002";
pub(crate) const ORG_ID: &str = "019b76da-a800-7000-8000-000000000001";
pub(crate) const INVITE_ID: &str = "019b76da-a800-7000-8000-000000000005";
pub(crate) const MEMBER_ID: &str = "019b76da-a800-7000-8000-000000000006";
