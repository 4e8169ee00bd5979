//! Response bodies that several endpoints share.

mod device;
pub(crate) mod example;
mod null;
mod org;
mod tokens;
mod user;

pub(crate) use device::{DeviceToken, WithDeviceToken};
pub(crate) use null::Null;
pub(crate) use org::{OrgResponse, role};
pub(crate) use tokens::{AuthResponse, TOKEN_TYPE, TokenResponse, seconds};
pub(crate) use user::{ProfileResponse, UserResponse};
