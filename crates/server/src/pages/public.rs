//! Pages for visitors who are not signed in.

pub(crate) mod change_email;
pub(crate) mod dead_link;
pub(crate) mod disown;
pub(crate) mod forgot_password;
pub(crate) mod invite;
pub(crate) mod password_check;
pub(crate) mod reset_password;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod sign_up;
pub(crate) mod strength;
pub(crate) mod verify_email;
