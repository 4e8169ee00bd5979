//! The clients of the server: users with their devices, an attacker with copies of their tokens, and the
//! fault injector.

mod addresses;
mod attacker;
mod device;
mod faults;
mod memory;
mod orgs;
mod passwords;
mod person;
mod sessions;

pub use attacker::steal;
pub use device::Device;
pub use faults::blow;
pub use memory::Loot;
pub use person::Person;
