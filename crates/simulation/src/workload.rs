//! Those who use the server: people with their devices, somebody who has got hold of their tokens, and the weather.

mod addresses;
mod device;
mod memory;
mod orgs;
mod passwords;
mod person;
mod sessions;
mod thief;
mod weather;

pub use device::Device;
pub use memory::Loot;
pub use person::Person;
pub use thief::steal;
pub use weather::blow;
